/** An opened model: pictures in, results out, everything slow in its workers. */
import { BlemishError, type ModelDescription } from "@blemish/core";
import type { ImageSource } from "../images/read-image.js";
import type { InspectionJob } from "../workers/inspector.js";
import { mapInOrder } from "../workers/map-in-order.js";
import type { Parcel } from "../workers/messages.js";
import type { WorkerPool } from "../workers/worker-pool.js";
import { checkOptions, OBJECT, oneOf, SWITCH } from "./check-options.js";
import type { EncodeOptions, PictureResult, Prediction, PredictOptions, SlimResult } from "./results.js";
import type { Schedule } from "./schedule.js";

/** A model that has been opened. Several calls may run at the same time; they share the workers. */
export interface Model {
  /** The model file. */
  readonly path: string;
  /** What was recognised in its files. */
  readonly description: ModelDescription;
  /** Its workers, and the threads of the network in each. */
  readonly schedule: Schedule;
  /** Whether it can say why places are hot (`explain`): models on the fast engine can. */
  readonly explains: boolean;
  /**
   * Judges one picture. A `Uint8Array` or pixels must not be changed until the promise has settled.
   *
   * @throws BlemishError IMAGE_* when the picture cannot be read, MODEL_* when it cannot be judged, CANCELLED,
   *   MODEL_CLOSED, MODEL_EXPLAIN, WORKER, OPTION, OPTION_VALUE.
   */
  predict(source: ImageSource, options?: PredictOptions & { readonly maps?: true }): Promise<PictureResult>;
  predict(source: ImageSource, options: PredictOptions & { readonly maps: false }): Promise<SlimResult>;
  /**
   * Judges many pictures, results in the order of the sources. A picture that cannot be judged gives its `error` and
   * the rest goes on. The next source is asked for only when a worker will soon be free, so any number of pictures
   * takes the same memory; a result is given as soon as those before it are. Leaving the loop early cancels the rest.
   *
   * @throws BlemishError CANCELLED after `options.signal`, MODEL_CLOSED, MODEL_EXPLAIN, OPTION, OPTION_VALUE; what `sources`
   *   itself throws.
   */
  predictMany(
    sources: Iterable<ImageSource> | AsyncIterable<ImageSource>,
    options?: PredictOptions & { readonly maps?: true },
  ): AsyncGenerator<Prediction<PictureResult>, void, void>;
  predictMany(
    sources: Iterable<ImageSource> | AsyncIterable<ImageSource>,
    options: PredictOptions & { readonly maps: false },
  ): AsyncGenerator<Prediction<SlimResult>, void, void>;
  /** Lets the pictures under way finish, refuses the others with MODEL_CLOSED and ends the workers. Any number of calls. */
  close(): Promise<void>;
}

/** The workers behind a model. */
export type InspectionPool = Pick<
  WorkerPool<InspectionJob, PictureResult | SlimResult>,
  "run" | "close" | "capacity"
>;

const isExplainWish = (value: unknown) => typeof value === "boolean" || value === "anomalous";

const PREDICT_RULES = {
  signal: { expected: "an AbortSignal", test: (value: unknown) => value instanceof AbortSignal },
  heatMap: SWITCH,
  segmentations: SWITCH,
  encode: OBJECT,
  maps: SWITCH,
  validity: SWITCH,
  explain: { expected: "true, false or anomalous", test: isExplainWish },
} as const;

const ENCODE_RULES = { visualization: OBJECT, heatMap: SWITCH, segmentations: SWITCH, mask: SWITCH } as const;

const VISUALIZATION_RULES = {
  mode: oneOf("simple", "full"),
  task: oneOf("classification", "segmentation", "detection"),
} as const;

/** A model over workers that are already running. */
export function modelOf(
  path: string,
  description: ModelDescription,
  pool: InspectionPool,
  schedule: Schedule,
  explains: boolean,
): Model {
  const check = (options: PredictOptions) => {
    checkPredictOptions(options);
    if (options.explain && !explains) throw new BlemishError("MODEL_EXPLAIN", { subject: path });
  };
  const run = (source: ImageSource, { signal, ...options }: PredictOptions) =>
    pool.run(() => packJob(source, options), signal);

  async function* predictMany(
    sources: Iterable<ImageSource> | AsyncIterable<ImageSource>,
    options: PredictOptions = {},
  ): AsyncGenerator<Prediction<PictureResult | SlimResult>, void, void> {
    check(options);
    const { signal } = options;
    const rest = new AbortController();
    const attempt = (source: ImageSource, index: number) =>
      run(source, { ...options, signal: rest.signal }).then(
        (result): Prediction<PictureResult | SlimResult> => ({
          source,
          index,
          result,
          ms: sumOf(result.timings),
        }),
        (error: unknown): Prediction<never> => ({ source, index, error: errorOfPicture(error) }),
      );
    try {
      yield* mapInOrder(sources, attempt, { limit: pool.capacity, signal });
    } finally {
      rest.abort();
    }
  }

  const predict = async (source: ImageSource, options: PredictOptions = {}) => {
    check(options);
    return run(source, options);
  };

  // The overloads promise what `maps` decides in the worker; TypeScript cannot follow it there.
  return { path, description, schedule, explains, predict, predictMany, close: () => pool.close() } as Model;
}

/** Bytes and pixels are copied into memory of their own, which then moves to the worker. */
function packJob(source: ImageSource, options: InspectionJob["options"]): Parcel<InspectionJob> {
  if (typeof source === "string") return { value: { source, options }, transfer: [] };
  if (source instanceof Uint8Array) {
    const bytes = new Uint8Array(source);
    return { value: { source: bytes, options }, transfer: [bytes.buffer] };
  }
  const { data, width, height, channels } = source;
  const pixels = new Uint8Array(data);
  return { value: { source: { data: pixels, width, height, channels }, options }, transfer: [pixels.buffer] };
}

function checkPredictOptions(options: PredictOptions): void {
  checkOptions(options, PREDICT_RULES);
  const encode: EncodeOptions = options.encode ?? {};
  checkOptions(encode, ENCODE_RULES);
  if (encode.visualization !== undefined) checkOptions(encode.visualization, VISUALIZATION_RULES);
}

function sumOf(timings: PictureResult["timings"]): number {
  return Object.values(timings).reduce((sum, ms) => sum + ms, 0);
}

/** What is wrong with one picture; anything that concerns all of them is thrown. */
function errorOfPicture(error: unknown): BlemishError {
  if (error instanceof BlemishError && error.code !== "MODEL_CLOSED") return error;
  throw error;
}
