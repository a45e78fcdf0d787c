/**
 * Everything between a path and workers that can judge: reads the files, checks that the model can judge, and chooses
 * the engine. An export that the fast engine recognises becomes a model file in memory; others run whole in ONNX Runtime.
 */
import { BlemishError, type ModelDescription } from "@blemish/core";
import { oneOf } from "./check-options.js";
import { importCheckpointContent, isCheckpoint } from "./checkpoint-file.js";
import { importOnnxFile } from "./import-model-file.js";
import {
  checkExternalData,
  findModel,
  type OnnxFile,
  readMetadataFile,
  readOnnxFile,
} from "./model-files.js";
import { describe, describeFileAs } from "./read-model.js";
import type { ReadModelOptions } from "./read-model-options.js";
import { readSharedModel, type SharedModel, shareModel } from "./shared-model.js";
import { PRECISION_RULES, type StoredPrecision } from "./stored-precision.js";
import { isModelFile } from "./trained-model-file.js";

/** What runs a model: our own kernels where they know it, or the exported graph as it is in ONNX Runtime. */
export type Engine = "auto" | "onnx" | "fast";

/** How a model is run. */
export interface EngineOptions extends StoredPrecision {
  /**
   * For exported models: `fast` = recognise it and use our own kernels, or fail; `onnx` = run the graph as it is;
   * `auto` (default) = `fast` where it is recognised, else `onnx`. A `.blemish` model always runs on the fast engine.
   */
  readonly engine?: Engine;
}

/** Rules of {@link EngineOptions}, for JavaScript callers. */
export const ENGINE_RULES = {
  engine: oneOf("auto", "onnx", "fast"),
  ...PRECISION_RULES,
} as const;

/** A model that workers can be started with. */
export interface PreparedModel {
  readonly modelPath: string;
  readonly description: ModelDescription;
  /** null = the graph at `modelPath` runs whole in ONNX Runtime. */
  readonly shared: SharedModel | null;
}

/** What `prepareModel` needs to know. */
export interface PrepareOptions extends ReadModelOptions, EngineOptions {
  readonly threshold?: number;
}

/**
 * Prepares a model.
 * @param workers at most so many share its memory; more work too, each with a copy of its own.
 * @throws BlemishError of `open`.
 */
export async function prepareModel(
  path: string,
  options: PrepareOptions,
  workers: number,
): Promise<PreparedModel> {
  if (await isModelFile(path)) return modelFile(path, options, workers);
  if (await isCheckpoint(path)) return checkpoint(path, options, workers);
  const file = await readOnnxFile(await findModel(path));
  const metadata = await readMetadataFile(file.path, options.metadata);
  const description = await describe(file, metadata, options);
  checkThreshold(description, options.threshold, metadata?.path ?? file.path);
  await checkExternalData(file);
  const whole = { modelPath: file.path, description, shared: null };
  const { engine = "auto" } = options;
  if (engine === "onnx") return whole;
  try {
    return await imported(file, description, options, workers);
  } catch (error) {
    const unknown = error instanceof BlemishError && error.code === "MODEL_ENGINE";
    if (engine === "fast" || !unknown) throw error;
    return { ...whole, description: withReason(description, error) };
  }
}

/** One file that says everything. */
async function modelFile(path: string, options: PrepareOptions, workers: number): Promise<PreparedModel> {
  if (options.engine === "onnx") throw onlyFast("engine", path, options.engine);
  for (const option of ["factors", "bankPrecision"] as const) {
    const precision = options[option];
    if (precision !== undefined) throw onlyFast(option, path, precision);
  }
  const shared = await readSharedModel(path, workers);
  return { modelPath: path, description: describeFileAs(shared.model, path, options), shared };
}

/** A checkpoint as a model file in memory: it has no graph that ONNX Runtime could run. */
async function checkpoint(path: string, options: PrepareOptions, workers: number): Promise<PreparedModel> {
  if (options.engine === "onnx") throw onlyFast("engine", path, options.engine);
  const model = await importCheckpointContent(path, options, null);
  const { description } = model.manifest.imported;
  checkThreshold(description, options.threshold, path);
  return { modelPath: path, description, shared: shareModel(model, path, workers) };
}

/** An export as a model file in memory; the weights of the export are let go of when it returns. */
async function imported(
  file: OnnxFile,
  description: ModelDescription,
  options: PrepareOptions,
  workers: number,
): Promise<PreparedModel> {
  const model = await importOnnxFile(file, description, options, null);
  return { modelPath: file.path, description, shared: shareModel(model, file.path, workers) };
}

/** Without a threshold every picture would fail; better to say so before the first. */
function checkThreshold(description: ModelDescription, chosen: number | undefined, subject: string): void {
  if (chosen === undefined && description.imageThreshold === null)
    throw new BlemishError("THRESHOLD_MISSING", { subject });
}

function withReason(description: ModelDescription, { expected, found }: BlemishError): ModelDescription {
  const note = `The model runs whole in ONNX Runtime. The fast engine needs ${expected}; found: ${found}.`;
  return { ...description, notes: [...description.notes, note] };
}

function onlyFast(option: string, path: string, found: string): BlemishError {
  const expected = `no ${option}: ${path} is a model file, which runs on the fast engine as it is stored`;
  return new BlemishError("OPTION_VALUE", { subject: option, expected, found });
}
