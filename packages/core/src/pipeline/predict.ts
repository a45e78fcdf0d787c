/** One picture, from pixels to result: the whole story on one screen. Every number is made in a stage. */
import type { ModelDescription, Task } from "../anomalib/model-description.js";
import type { Detector } from "../stages/detector/detector.js";
import type { RgbImage } from "../stages/image/image.js";
import { postProcess } from "../stages/postprocess/post-process.js";
import type { ImageResult } from "../stages/postprocess/result.js";
import { preProcess } from "../stages/preprocess/pre-process.js";
import { heatMapOf } from "../stages/visualise/heat-map.js";
import { markBoundaries } from "../stages/visualise/mark-boundaries.js";

/** A model that is ready to judge: what is known about it, and what runs it. */
export interface PredictModel {
  readonly description: ModelDescription;
  readonly detector: Detector;
}

/** What a caller may ask for one picture. */
export interface PredictOptions {
  /** Boxes are given for `detection` only. Default: the model's task. */
  readonly task?: Task;
  /** Replaces the model's image threshold; raw units (normalised units for Anomalib 2.x). */
  readonly imageThreshold?: number;
  /** false: no map, no mask and no pictures at the picture's own size, see `PostProcessOptions`. Default: true. */
  readonly maps?: boolean;
  /** Draw the heat map. Default: false. */
  readonly heatMap?: boolean;
  /** Draw the outline of the mask. Default: false. */
  readonly segmentations?: boolean;
  /** Milliseconds of any steady clock; core has none of its own. Without it nothing is timed. */
  readonly clock?: () => number;
  /** Receives what each stage took by `clock`: the one argument that is written to. */
  readonly timings?: PredictTimings;
}

/** Milliseconds that each stage took, waiting for the network included. */
export interface PredictTimings {
  preProcess: number;
  network: number;
  postProcess: number;
  /** Heat map and outline. */
  pictures: number;
}

/**
 * Judges one picture: preprocessing → network → decision → pictures, as Anomalib's inferencer does.
 *
 * @param image upright RGB as the model's profile reads it; not changed.
 * @returns decision, maps and mask at the picture's size, and the pictures that were asked for.
 * @throws BlemishError of the stages: MODEL_INPUT, MODEL_OUTPUT, MODEL_UNSUPPORTED, THRESHOLD_MISSING,
 *   METADATA_TRANSFORM, IMAGE_TOO_SMALL.
 */
export async function predict(
  image: RgbImage,
  { description, detector }: PredictModel,
  options: PredictOptions = {},
): Promise<ImageResult> {
  const lap = stopwatch(options);

  const tensor = preProcess(image, description.preprocessing);
  lap("preProcess");

  const detection = await detector.detect(tensor);
  lap("network");

  const judgement = postProcess(detection, image, description, options);
  lap("postProcess");

  const heatMap = options.heatMap ? heatMapOf(judgement, image) : null;
  const segmentations =
    options.segmentations && judgement.predMask ? markBoundaries(image, judgement.predMask) : null;
  lap("pictures");

  return { ...judgement, image, heatMap, segmentations };
}

/** Writes the time since the call before to the timings, under the name of the stage that ended. */
function stopwatch({ clock, timings }: PredictOptions): (stage: keyof PredictTimings) => void {
  if (clock === undefined || timings === undefined) return () => {};
  let last = clock();
  return (stage) => {
    const now = clock();
    timings[stage] = now - last;
    last = now;
  };
}
