/**
 * What one worker does with a picture: read → predict → draw → encode. The network takes one picture at a time. Files
 * are read and encoded, and all but plain PNG decoded, in other threads while it has another picture: each such step
 * goes on only between two runs, so more than one picture is being read.
 */
import {
  type Detector,
  explainedView,
  type ImageResult,
  type ModelDescription,
  type PredictTimings,
  pixelRuleOf,
  predict,
  shownGoods,
  type Task,
  type VisualizationMode,
  visualize,
} from "@blemish/core";
import type { DecodeLimits } from "../images/decode-limits.js";
import { encodeMaskPng, encodePng } from "../images/encode-png.js";
import { decodeHere, fetchPicture, READINGS } from "../images/read-here.js";
import type { ImageSource } from "../images/read-image.js";
import type {
  EncodedName,
  EncodeOptions,
  PictureFacts,
  PictureResult,
  PredictOptions,
  SlimResult,
} from "../model/results.js";
import type { ModelPart } from "../model/shared-model.js";
import { decodeThumbnails } from "./decode-thumbnails.js";
import type { Helpers } from "./helpers.js";
import { createLane } from "./lane.js";
import type { JobServer } from "./serve-jobs.js";
import { stageClock } from "./stage-clock.js";
import { transferables } from "./transferables.js";

/** What is the same for every picture of a model. */
export interface InspectionSetup {
  readonly modelPath: string;
  /** The model file that the fast engine runs; absent = the graph at `modelPath` runs whole in ONNX Runtime. */
  readonly part?: ModelPart;
  readonly description: ModelDescription;
  /** Replaces the model's own, see core's `predict`. */
  readonly imageThreshold?: number;
  readonly limits?: Partial<DecodeLimits>;
  /** Threads of one run of the network. */
  readonly threads: number;
  /** See `ortSession`. */
  readonly spinning: boolean;
}

/** One picture and what is asked for it. */
export interface InspectionJob {
  readonly source: ImageSource;
  readonly options: Omit<PredictOptions, "signal">;
}

/**
 * Serves inspections with a model that is open already.
 * @param helpers of this thread; they are started here, when the model no longer needs the cores to be opened.
 */
export function inspector(
  detector: Detector,
  setup: InspectionSetup,
  helpers: Helpers | null = null,
): JobServer<InspectionJob, PictureResult | SlimResult> {
  const { description, limits = {} } = setup;
  const model = { description, detector };
  const { profile, capture } = description;
  const how = { rule: pixelRuleOf(profile), ...(capture && { capture }) };
  const network = createLane();
  const reading = createLane(READINGS);
  // Of pictures that are cut, one at a time is large enough.
  const held = createLane(detector.inParts ? 1 : Number.POSITIVE_INFINITY);
  const clock = stageClock();
  helpers?.start();

  const read = async (source: ImageSource) => {
    const [fetched, fetching] = await clock.time(() => fetchPicture(source, limits));
    const [image, decoding] = await clock.time(() => decodeHere(fetched, how, limits, helpers?.unpack));
    return { image, ms: fetching + decoding };
  };
  const inspect = async ({ source, options }: InspectionJob) => {
    const { image, ms } = await reading(() => read(source));
    const timings: PredictTimings = { preProcess: 0, network: 0, postProcess: 0, pictures: 0 };
    const wanted = {
      ...picturesWanted(options),
      ...thresholdOf(setup),
      validity: options.validity ?? true,
      subject: typeof source === "string" ? source : "The picture in memory",
      clock: clock.now,
      timings,
    };
    const result = await network(() => clock.hold(() => predict(image, model, wanted)));
    const [encoded, encode] = await clock.time(() =>
      encodePictures(result, options.encode ?? {}, description.task, detector),
    );
    const facts: PictureFacts = {
      width: image.width,
      height: image.height,
      encoded,
      timings: { read: ms, ...timings, encode },
    };
    const value = options.maps === false ? slimResult(result, facts) : fullResult(result, facts, options);
    return { value, transfer: transferables(value) };
  };
  return {
    run: (job) => held(() => inspect(job)),
    async close() {
      await helpers?.close();
      await detector.close();
    },
  };
}

/** The pictures that the caller or an encoded file needs; maps are not made for nobody. */
function picturesWanted({ maps, heatMap, segmentations, encode, explain = false }: PredictOptions) {
  return {
    explain,
    maps: maps !== false || Object.values(encode ?? {}).some(Boolean),
    heatMap: Boolean(heatMap || encode?.heatMap || encode?.visualization),
    segmentations: Boolean(segmentations || encode?.segmentations),
  };
}

function thresholdOf({ imageThreshold }: InspectionSetup) {
  return imageThreshold === undefined ? {} : { imageThreshold };
}

/** Draws and encodes what was asked for; names whose picture the model cannot give are left out. */
async function encodePictures(
  result: ImageResult,
  wanted: EncodeOptions,
  task: Task,
  detector: Detector,
): Promise<PictureFacts["encoded"]> {
  const { visualization } = wanted;
  const files: [EncodedName, Promise<Uint8Array>][] = [];
  if (visualization) files.push(["visualization", encodeView(result, { task, ...visualization }, detector)]);
  if (wanted.heatMap && result.heatMap) files.push(["heatMap", encodePng(result.heatMap)]);
  if (wanted.segmentations && result.segmentations)
    files.push(["segmentations", encodePng(result.segmentations)]);
  if (wanted.mask && result.predMask) files.push(["mask", encodeMaskPng(result.predMask)]);
  return Object.fromEntries(await Promise.all(files.map(async ([name, file]) => [name, await file])));
}

/** The view of a result, with its explanation where there is one. */
async function encodeView(
  result: ImageResult,
  options: { readonly mode: VisualizationMode; readonly task: Task },
  detector: Detector,
): Promise<Uint8Array> {
  const view = visualize(result, options);
  const goods = await decodeThumbnails(shownGoods(result.explanations ?? []), detector);
  return encodePng(explainedView(view, result, goods, options.mode === "full"));
}

function fullResult(result: ImageResult, facts: PictureFacts, asked: PredictOptions): PictureResult {
  const heatMap = asked.heatMap ? result.heatMap : null;
  const segmentations = asked.segmentations ? result.segmentations : null;
  return { ...result, ...facts, heatMap, segmentations };
}

function slimResult(result: ImageResult, facts: PictureFacts): SlimResult {
  const { image: _image, heatMap: _heatMap, segmentations: _segmentations, ...judgement } = result;
  return { ...judgement, ...facts, anomalyMap: null, predMask: null };
}
