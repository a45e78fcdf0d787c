/** Refuses a file whose model does not compute here what the file's own samples say: `check` of `open`, `--check` of `predict`. */
import { BlemishError } from "@blemish/core";
import { findModel } from "../model/model-files.js";
import { isModelFile, loadModelFile } from "../model/trained-model-file.js";
import { exportProblem } from "./verify-graph.js";
import { samplesError, samplesProblem } from "./verify-samples.js";

/**
 * Runs the samples of a model file on our own engine, those of one of our exports in ONNX Runtime.
 * @throws BlemishError MODEL_SAMPLES; OPTION_VALUE for a file that carries none; those of reading and running the model.
 */
export async function requireVerified(path: string): Promise<void> {
  const problem = await problemOf(path);
  if (problem === NONE)
    throw new BlemishError("OPTION_VALUE", {
      subject: "check",
      expected: "a model that carries samples, as .blemish files and their exports do",
      found: path,
    });
  if (problem !== null) throw samplesError(path, problem);
}

const NONE = "no samples";

/** null = all is well. */
async function problemOf(path: string): Promise<string | null> {
  if (await isModelFile(path)) {
    const model = await loadModelFile(path);
    return model.manifest.parity.length === 0 ? NONE : samplesProblem(model);
  }
  const graph = await findModel(path).catch(() => "");
  return graph.endsWith(".onnx") ? exportProblem(graph, NONE) : NONE;
}
