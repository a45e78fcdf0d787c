/** Any model that the fast engine runs, as the content of a model file. */
import type { ModelFile } from "@blemish/core";
import { importModelFile } from "./import-model-file.js";
import { isModelFile, loadModelFile } from "./trained-model-file.js";

/**
 * A `.blemish` file as it is; an export or a checkpoint of Anomalib as importing makes it.
 * @throws BlemishError of `loadModelFile` and `importModelFile`.
 */
export async function loadAnyModel(path: string): Promise<ModelFile> {
  if (await isModelFile(path)) return loadModelFile(path);
  return (await importModelFile(path)).model;
}
