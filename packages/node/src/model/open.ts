/** Opens a model: reads its files, checks that it can judge, starts its workers. */
import { availableParallelism } from "node:os";
import { BlemishError, type ModelDescription } from "@blemish/core";
import type { DecodeLimits } from "../images/decode-limits.js";
import type { InspectionJob, InspectionSetup } from "../workers/inspector.js";
import { startWorker } from "../workers/start-worker.js";
import { WorkerPool } from "../workers/worker-pool.js";
import { COUNT, checkOptions, FINITE, OBJECT } from "./check-options.js";
import { type Model, modelOf } from "./model.js";
import { checkExternalData, findModel, readMetadataFile, readOnnxFile } from "./model-files.js";
import { describe, describeTrainedAs, READ_MODEL_RULES, type ReadModelOptions } from "./read-model.js";
import type { PictureResult, SlimResult } from "./results.js";
import { isTrainedModel, readTrainedModel } from "./trained-model-file.js";

/**
 * How a model is opened.
 *
 * `workers` and `threads`: for the quickest single answer leave both alone (one worker, all cores). For the most
 * pictures a second set `workers` to the number of cores; each then gets one thread. Every worker holds a copy of the
 * model in memory.
 */
export interface OpenOptions extends ReadModelOptions {
  /** Image threshold instead of the metadata's; raw units (normalised units for Anomalib 2.x). */
  readonly threshold?: number;
  /** Pictures that are judged at the same time. Default: 1. */
  readonly workers?: number;
  /** Threads of the network in each worker. Default: the cores divided among the workers. */
  readonly threads?: number;
  /** How large pictures may be. Default: 200 megapixels, 256 MB. */
  readonly limits?: Partial<DecodeLimits>;
  /** Cancels opening; it has no effect on the opened model. */
  readonly signal?: AbortSignal;
}

const OPEN_RULES = {
  ...READ_MODEL_RULES,
  threshold: FINITE,
  workers: COUNT,
  threads: COUNT,
  limits: OBJECT,
  signal: { expected: "an AbortSignal", test: (value: unknown) => value instanceof AbortSignal },
} as const;

/**
 * Opens a model: one that Blemish trained, or one that Anomalib exported.
 *
 * @param path a `.blemish` file; or `model.onnx`, or a folder that holds it, with metadata and external weights beside it.
 * @returns a model to be closed when it is no longer needed; an idle one does not keep the process alive.
 * @throws BlemishError MODEL_NOT_FOUND, MODEL_FORMAT, MODEL_BROKEN, MODEL_DATA_MISSING, MODEL_UNSUPPORTED,
 *   MODEL_VERSION, MODEL_NOT_ANOMALY, MODEL_INPUT, METADATA_NOT_FOUND, METADATA_FORMAT, METADATA_TRANSFORM, THRESHOLD_MISSING,
 *   CANCELLED, OPTION, OPTION_VALUE.
 */
export async function open(path: string, options: OpenOptions = {}): Promise<Model> {
  checkOptions(options, OPEN_RULES);
  const { workers = 1, signal } = options;
  stopIfAborted(path, signal);
  const setup = await prepare(path, options);
  stopIfAborted(path, signal);
  const pool = await WorkerPool.open<InspectionJob, PictureResult | SlimResult>({
    size: workers,
    start: (gate) => startWorker(setup, gate),
    subject: setup.modelPath,
  });
  if (signal?.aborted) await pool.close();
  stopIfAborted(path, signal);
  return modelOf(setup.modelPath, setup.description, pool);
}

type FoundModel = Pick<InspectionSetup, "modelPath" | "description">;

/** Reads the files and decides all that the workers need; the weights are let go of when it returns. */
async function prepare(path: string, options: OpenOptions): Promise<InspectionSetup> {
  const { threshold, workers = 1, threads, limits } = options;
  const found = (await isTrainedModel(path)) ? await trained(path, options) : await exported(path, options);
  return {
    ...found,
    threads: threads ?? Math.max(1, Math.floor(availableParallelism() / workers)),
    spinning: workers === 1,
    ...(threshold === undefined ? {} : { imageThreshold: threshold }),
    ...(limits === undefined ? {} : { limits }),
  };
}

/** A model that Blemish trained: one file that says everything. */
async function trained(path: string, options: OpenOptions): Promise<FoundModel> {
  const { manifest } = await readTrainedModel(path);
  return { modelPath: path, description: describeTrainedAs(manifest, path, options) };
}

/** A model that Anomalib exported: the graph, its metadata, its weights. */
async function exported(path: string, options: OpenOptions): Promise<FoundModel> {
  const file = await readOnnxFile(await findModel(path));
  const metadata = await readMetadataFile(file.path, options.metadata);
  const description = await describe(file, metadata, options);
  checkThreshold(description, options.threshold, metadata?.path ?? file.path);
  await checkExternalData(file);
  return { modelPath: file.path, description };
}

/** Without a threshold every picture would fail; better to say so before the first. */
function checkThreshold(description: ModelDescription, chosen: number | undefined, subject: string): void {
  if (chosen === undefined && description.imageThreshold === null) {
    throw new BlemishError("THRESHOLD_MISSING", { subject });
  }
}

function stopIfAborted(path: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new BlemishError("CANCELLED", { subject: `Opening ${path}`, cause: signal.reason });
}
