/** Our model files (`.blemish`): telling them from ONNX files, reading them. */
import { readFile } from "node:fs/promises";
import {
  BlemishError,
  looksLikeModelFile,
  type ModelFile,
  readModelFile,
  requireTrained,
  type TrainedModelFile,
} from "@blemish/core";
import { sha256 } from "../sha256.js";
import { firstBytes } from "./first-bytes.js";

/** Whether a path is a file that begins like one of our model files. Decided by content, not by name. */
export async function isModelFile(path: string): Promise<boolean> {
  return looksLikeModelFile(await firstBytes(path, 9));
}

/**
 * Reads a model that Blemish trained, for work that needs what only training leaves: scores and training pictures.
 * @throws BlemishError MODEL_NOT_TRAINED for a model that was imported from Anomalib, and those of `loadModelFile`.
 */
export async function readTrainedModel(path: string): Promise<TrainedModelFile> {
  return requireTrained(await loadModelFile(path), path);
}

/**
 * Reads a model file of either origin into memory of its own.
 * @throws BlemishError MODEL_NOT_FOUND, MODEL_FORMAT, MODEL_BROKEN, MODEL_VERSION.
 */
export async function loadModelFile(path: string): Promise<ModelFile> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new BlemishError("MODEL_NOT_FOUND", { subject: path, cause });
  });
  return readModelFile(bytes, path, sha256);
}
