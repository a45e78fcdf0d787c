/** One picture, from pixels to result: the whole story on one screen. Every number is made in a stage. */
import type { ModelDescription, Task } from "../anomalib/model-description.js";
import { zonesInPicture } from "../stages/decision/zones-in-picture.js";
import type { Detection, Detector } from "../stages/detector/detector.js";
import type { PlaceExplanation } from "../stages/detector/explanation.js";
import type { Mask, RgbImage } from "../stages/image/image.js";
import { postProcess } from "../stages/postprocess/post-process.js";
import type { ImageResult, Judgement } from "../stages/postprocess/result.js";
import { preProcess, preProcessParts } from "../stages/preprocess/pre-process.js";
import { sharesOfPicture, type View } from "../stages/region/mask-on-map.js";
import { checkPictureSize, judgedArea, viewOf } from "../stages/region/trained-picture.js";
import { dimUnjudged } from "../stages/visualise/dim-unjudged.js";
import { heatMapOf } from "../stages/visualise/heat-map.js";
import { markBoundaries } from "../stages/visualise/mark-boundaries.js";
import { outlineZones } from "../stages/visualise/outline-zones.js";
import { takePicture } from "./take-picture.js";

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
  /** Say why the hottest places are hot, where the detector can; `anomalous` = unless it is called good. Default: false. */
  readonly explain?: boolean | "anomalous";
  /** false: a picture that breaks the model's rules is judged, too. Default: true. */
  readonly validity?: boolean;
  /** What errors call the picture. Default: "The picture". */
  readonly subject?: string;
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
 * Judges one picture: rules and alignment → preprocessing → network → decision → pictures, as Anomalib's inferencer does.
 *
 * @param image upright RGB as the model's profile reads it; not changed.
 * @returns decision, maps and mask at the picture's size, and the pictures that were asked for.
 * @throws BlemishError of the stages: MODEL_INPUT, MODEL_OUTPUT, MODEL_UNSUPPORTED, THRESHOLD_MISSING,
 *   METADATA_TRANSFORM, IMAGE_TOO_SMALL, PICTURE_SIZE, PICTURE_INVALID, PICTURE_ALIGNMENT.
 */
export async function predict(
  image: RgbImage,
  { description, detector }: PredictModel,
  options: PredictOptions = {},
): Promise<ImageResult> {
  const lap = stopwatch(options);
  checkPictureSize(image, description.picture, options.subject ?? "The picture");

  const taken = takePicture(image, description, options);
  const tensors = detector.inputs.map((steps, i) =>
    detector.inParts?.[i] ? preProcessParts(taken.image, steps) : preProcess(taken.image, steps),
  );
  lap("preProcess");

  const detection = await detector.detect(tensors);
  lap("network");

  const found = postProcess(detection, image, description, options);
  const view = viewOf(image, description.picture);
  const judgement = taken.judgement(found, view);
  lap("postProcess");

  const wanted = options.explain === "anomalous" ? judgement.verdict !== "good" : options.explain;
  const explanations = wanted ? taken.explanations(explanationsOf(found, image, view, detector)) : null;

  const drawn = options.heatMap || options.segmentations;
  const judged = drawn ? taken.mask(judgedArea(image, description.picture)) : null;
  const zones = drawn ? taken.mask(zonesOf(image, detection, description)) : null;
  const show = (picture: RgbImage | null) => picture && showAreas(picture, judged, zones);
  const heatMap = options.heatMap ? show(heatMapOf(judgement, image)) : null;
  const segmentations =
    options.segmentations && judgement.predMask ? show(markBoundaries(image, judgement.predMask)) : null;
  lap("pictures");

  const { validity, alignment } = taken;
  return { ...judgement, explanations, validity, alignment, image, heatMap, segmentations };
}

/** The zone of every pixel; null for a model without several. */
function zonesOf(image: RgbImage, { map }: Detection, { decision, picture }: ModelDescription): Mask | null {
  const { zones } = decision ?? { zones: [] };
  return map === null || zones.length < 2 ? null : zonesInPicture(zones, map, viewOf(image, picture), image);
}

/** What is not judged is darkened, zones are outlined. */
function showAreas(picture: RgbImage, judged: Mask | null, zones: Mask | null): RgbImage {
  const zoned = zones === null ? picture : outlineZones(picture, zones);
  return judged === null ? zoned : dimUnjudged(zoned, judged);
}

/** Regions that are explained, the hottest first. */
const MOST_EXPLAINED = 5;

/** The peaks of the hottest regions; of a picture without regions the hottest place of its map. */
function explanationsOf(
  { regions, rawMap }: Judgement,
  { width, height }: RgbImage,
  view: View,
  { explain }: Detector,
): PlaceExplanation[] | null {
  if (explain === undefined || rawMap === null) return null;
  const hottest = regions.toSorted((a, b) => b.peak.value - a.peak.value).slice(0, MOST_EXPLAINED);
  if (hottest.length > 0)
    return hottest.map(({ peak }) => explain({ x: (peak.x + 0.5) / width, y: (peak.y + 0.5) / height }));
  let at = 0;
  for (let i = 1; i < rawMap.data.length; i++) if (rawMap.data[i] > rawMap.data[at]) at = i;
  const [x, y] = [at % rawMap.width, Math.floor(at / rawMap.width)];
  const shares = { x: (x + 0.5) / rawMap.width, y: (y + 0.5) / rawMap.height };
  return [explain(sharesOfPicture(shares, view, { width, height }))];
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
