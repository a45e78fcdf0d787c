/** Opens a model: reads its files, checks that it can judge, starts its workers. */
import { availableParallelism } from "node:os";
import { BlemishError, renderPart } from "@blemish/core";
import type { DecodeLimits } from "../images/decode-limits.js";
import { encodePng } from "../images/encode-png.js";
import { requireVerified } from "../verify/require-verified.js";
import type { InspectionJob, InspectionSetup } from "../workers/inspector.js";
import { inspectionStarter } from "../workers/start-inspection.js";
import { JOBS_PER_WORKER, WorkerPool } from "../workers/worker-pool.js";
import { COUNT, checkOptions, FINITE, OBJECT, oneOf, SWITCH } from "./check-options.js";
import { type Model, modelOf } from "./model.js";
import { ENGINE_RULES, type EngineOptions, type PreparedModel, prepareModel } from "./prepare-model.js";
import { READ_MODEL_RULES, type ReadModelOptions } from "./read-model-options.js";
import type { PictureResult, SlimResult } from "./results.js";
import { jobsPerSecond, MODES, type Mode, openFastest, type Schedule, schedulesFor } from "./schedule.js";
import { warnWithoutSimd } from "./warn-without-simd.js";

/**
 * How a model is opened.
 *
 * For the quickest single answer leave `mode` alone or say `latency`: one worker, all cores in its network. For the
 * most pictures a second say `throughput`: a worker on each core with one thread, decoding included; a single answer
 * then takes as long as one core takes. `auto` is for many pictures, too: it judges a made picture for about a second
 * in each of two or three ways and keeps the fastest, which is worth its time on machines where cores are shared or
 * memory is slow. `workers` and `threads` are kept where they are given. Workers share the model in memory but for the
 * network.
 */
export interface OpenOptions extends ReadModelOptions, EngineOptions {
  /** Image threshold instead of the metadata's; raw units (normalised units for Anomalib 2.x). */
  readonly threshold?: number;
  /** What the model is opened for. Default: `latency`. */
  readonly mode?: Mode;
  /** Pictures that are judged at the same time. Default: by mode. */
  readonly workers?: number;
  /** Threads of the network in each worker. Default: the cores divided among the workers. */
  readonly threads?: number;
  /** How large pictures may be. Default: 200 megapixels, 256 MB. */
  readonly limits?: Partial<DecodeLimits>;
  /** Run the model's samples first, and refuse it when it does not compute what they say. Default: false. */
  readonly check?: boolean;
  /** Cancels opening; it has no effect on the opened model. */
  readonly signal?: AbortSignal;
}

const OPEN_RULES = {
  ...READ_MODEL_RULES,
  ...ENGINE_RULES,
  threshold: FINITE,
  mode: oneOf(...MODES),
  workers: COUNT,
  threads: COUNT,
  limits: OBJECT,
  check: SWITCH,
  signal: { expected: "an AbortSignal", test: (value: unknown) => value instanceof AbortSignal },
} as const;

/**
 * Opens a model: one that Blemish trained, or one that Anomalib exported.
 *
 * @param path a `.blemish` file; or `model.onnx`, or a folder that holds it, with metadata and external weights beside it.
 * @returns a model to be closed when it is no longer needed; an idle one does not keep the process alive.
 * @throws BlemishError MODEL_NOT_FOUND, MODEL_FORMAT, MODEL_BROKEN, MODEL_DATA_MISSING, MODEL_UNSUPPORTED, MODEL_ENGINE, MODEL_STATISTICS,
 *   MODEL_VERSION, MODEL_SAMPLES, MODEL_NOT_ANOMALY, MODEL_INPUT, METADATA_NOT_FOUND, METADATA_FORMAT, METADATA_TRANSFORM, THRESHOLD_MISSING,
 *   CANCELLED, OPTION, OPTION_VALUE.
 */
export async function open(path: string, options: OpenOptions = {}): Promise<Model> {
  checkOptions(options, OPEN_RULES);
  const { signal } = options;
  const schedules = schedulesFor(options, availableParallelism());
  stopIfAborted(path, signal);
  warnWithoutSimd();
  if (options.check) await requireVerified(path);
  const prepared = await prepareModel(path, options, schedules.at(-1)!.workers);
  const { opened } = await openFastest(
    schedules,
    (schedule) => openWith(schedule, path, prepared, options),
    (model) => rateOf(model, signal),
  );
  return opened;
}

/** Starts the workers of one schedule. */
async function openWith(
  schedule: Schedule,
  path: string,
  prepared: PreparedModel,
  options: OpenOptions,
): Promise<Model> {
  stopIfAborted(path, options.signal);
  const setup = setupOf(prepared, schedule, options);
  const pool = await WorkerPool.open<InspectionJob, PictureResult | SlimResult>({
    size: schedule.workers,
    start: inspectionStarter(setup, prepared.shared),
    subject: setup.modelPath,
  });
  if (options.signal?.aborted) await pool.close();
  stopIfAborted(path, options.signal);
  return modelOf(setup.modelPath, setup.description, pool, schedule, prepared.shared !== null);
}

/** What is the same for all workers. */
function setupOf(
  { modelPath, description }: PreparedModel,
  { workers, threads }: Schedule,
  { threshold, limits }: OpenOptions,
): InspectionSetup {
  return {
    modelPath,
    description,
    threads,
    spinning: workers === 1,
    ...(threshold === undefined ? {} : { imageThreshold: threshold }),
    ...(limits === undefined ? {} : { limits }),
  };
}

/** How long each schedule of the mode `auto` is measured, ms. */
const MEASURED_MS = 350;

/** Pictures a second from an encoded picture of a made part. @throws BlemishError CANCELLED, and what judging throws. */
async function rateOf(model: Model, signal: AbortSignal | undefined): Promise<number> {
  const picture = await encodePng(renderPart("washer", { seed: 1, width: 512, height: 512 }).image);
  const judge = () => model.predict(picture, { maps: false, validity: false, ...(signal && { signal }) });
  return jobsPerSecond(judge, model.schedule.workers * JOBS_PER_WORKER, MEASURED_MS);
}

function stopIfAborted(path: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new BlemishError("CANCELLED", { subject: `Opening ${path}`, cause: signal.reason });
}
