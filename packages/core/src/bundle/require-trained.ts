/** Guards work that only a trained model allows: scores and pictures of its training are needed. */
import { BlemishError } from "../errors.js";
import type { ModelFile, TrainedModelFile } from "./model-file.js";

/**
 * The model, when Blemish trained it.
 * @throws MODEL_NOT_TRAINED for a model that was imported from Anomalib.
 */
export function requireTrained(model: ModelFile, subject: string): TrainedModelFile {
  if (isTrained(model)) return model;
  throw new BlemishError("MODEL_NOT_TRAINED", {
    subject,
    expected: "the scores of its training pictures",
    found: "none",
  });
}

/** Whether Blemish trained the model itself. */
export function isTrained(model: ModelFile): model is TrainedModelFile {
  return model.manifest.origin === "blemish";
}
