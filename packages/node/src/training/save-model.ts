/** Writing a trained model: whole or not at all, and what was there before stays until then. */
import { type ModelFile, writeModelFile } from "@blemish/core";
import { writeFileAtomic } from "../images/write-file-atomic.js";
import { sha256 } from "../sha256.js";

/**
 * Writes a model file; missing parent folders are made. Of several writers at the same time one file stays, whole.
 * @returns its size in bytes.
 * @throws BlemishError OUTPUT_WRITE; the old file is untouched then.
 */
export async function saveModel(path: string, model: ModelFile): Promise<number> {
  const bytes = writeModelFile(model, sha256);
  await writeFileAtomic(path, bytes);
  return bytes.length;
}
