/**
 * What a network says about a picture → what is decided about it: label, mask, normalised values, boxes and
 * regions at the size of the original picture, in the order in which Anomalib's inferencer does it (0.7
 * `OpenVINOInferencer.post_process`): decide on raw values at model size, normalise and clip, then resize.
 *
 * Of a model that looks at a rectangle of its pictures (`model.picture`), everything outside of that is 0 and in no mask.
 * When a model crops the centre of its input, the map of the crop is stretched over the whole picture, as Anomalib does.
 */
import type { ModelDescription, Task } from "../../anomalib/model-description.js";
import { BlemishError } from "../../errors.js";
import { fastPixelKernels } from "../../kernels/fast-pixel-kernels.js";
import type { Detection } from "../detector/detector.js";
import type { FloatMap, Mask } from "../image/image.js";
import { viewOf } from "../region/trained-picture.js";
import { findComponents, isEmpty, judgeRegions, judgeZones, rowsOf, sortMask } from "./judge-regions.js";
import { normaliseMap, normaliseScore, standardise } from "./normalise.js";
import { mapInView, maskInView } from "./place-in-view.js";
import type { Judgement, Region, Verdict } from "./result.js";

/** What a caller may decide instead of the model's metadata. */
export interface PostProcessOptions {
  /** Boxes are given for `detection` only. Default: the model's task. */
  readonly task?: Task;
  /**
   * Replaces the model's image threshold, and with it the 0.5 of the normalised score. Raw units; for Anomalib 2.x
   * normalised units, where score and map are left as the graph gave them.
   */
  readonly imageThreshold?: number;
  /**
   * false: `anomalyMap` and `predMask` are null. Everything else is the same, and a picture without regions is judged
   * without anything of its own size. Default: true.
   */
  readonly maps?: boolean;
}

/**
 * Judges one picture.
 *
 * - Score: the graph's score output, or the maximum of the map (`model.scoreSource`).
 * - Label: score ≥ image threshold; mask: map ≥ pixel threshold. Anomalib 2.x decides in its graph, with >.
 * - Map: normalised and clipped at model size, then resized like `cv2.resize` resizes float32. Without normalisation
 *   it stays raw. When the metadata has no pixel threshold the image threshold stands in as the map's 0.5, and there
 *   is no mask.
 * - Mask: resized like `cv2.resize` resizes uint8, so it is still 0/1 but not exactly "map ≥ 0.5".
 *   Anomalib 2.x does not resize; here its map and mask are, by the same functions.
 * - Filters and zones (`model.decision`): the mask's level is the image threshold, and what a filter leaves out is in no mask.
 *   The picture is anomalous exactly when a region is left on the map.
 * - `uncertain`: from `model.uncertainThreshold` to the image threshold.
 * - `cdf`: the metadata's thresholds are in standardised units. `imageThreshold` is turned into raw units; the
 *   pixel threshold has no single raw value and is reported as it is.
 *
 * @param size width and height of the original picture, pixels.
 * @throws BlemishError MODEL_OUTPUT when there is neither map nor score, a value is NaN or infinite, or the mask does
 *   not fit the map; THRESHOLD_MISSING when no image threshold is known; METADATA_FORMAT when the normalisation
 *   constants cannot be used; OPTION_VALUE when `imageThreshold` is not a number.
 */
export function postProcess(
  detection: Detection,
  size: { readonly width: number; readonly height: number },
  model: ModelDescription,
  options: PostProcessOptions = {},
): Judgement {
  const map = detection.map;
  const highest = map === null ? null : highestOf(map);
  const score = scoreOf(detection, highest, model);
  const imageThreshold = imageThresholdOf(detection, model, options);
  const pixelThreshold = pixelThresholdOf(detection, model, imageThreshold);

  const predLabel = labelOf(score, imageThreshold, detection, model, options);
  const drawn = map && maskOf(map, pixelThreshold, detection, model);
  const { kept: mask, dropped } = sortMask(map, drawn, pixelThreshold ?? imageThreshold, model);
  const mapThreshold = pixelThreshold ?? model.imageThreshold ?? imageThreshold;
  const normalised = map && normaliseMap(map, mapThreshold, model.normalisation);

  const { maps = true } = options;
  // A good picture's mask is empty at every size, so it has no regions.
  const empty = mask === null || isEmpty(mask);
  const view = viewOf(size, model.picture);
  const enlarge = (one: Mask) => maskInView(one, view, size);
  const fullMask = mask && (maps || !empty) ? enlarge(mask) : null;
  const found = findComponents(empty ? null : fullMask, dropped, enlarge);
  // Without maps only the values inside the regions are read, so only their rows are made.
  const rows = maps ? undefined : rowsOf(found);
  const full = normalised && (maps || found.length > 0) ? mapInView(normalised, view, size, rows) : null;
  const { regions, filtered } =
    full && map ? judgeRegions(found, full, map, view, model) : { regions: [], filtered: [] };
  const uncertainThreshold = model.uncertainThreshold ?? null;

  return {
    verdict: verdictOf(predLabel, score, uncertainThreshold),
    predScore: normaliseScore(score, imageThreshold, model.normalisation),
    rawScore: detection.normalised ? null : score,
    normalised: detection.normalised || model.normalisation.method !== "none",
    imageThreshold,
    pixelThreshold,
    predLabel,
    anomalyMap: maps ? full : null,
    rawMap: map,
    predMask: maps ? fullMask : null,
    ...boxesOf(regions, mask !== null && (options.task ?? model.task) === "detection"),
    regions,
    uncertainThreshold,
    filtered,
    zones: judgeZones(model.decision, detection.zones, imageThreshold),
  };
}

function verdictOf(predLabel: boolean, score: number, uncertain: number | null): Exclude<Verdict, "invalid"> {
  if (predLabel) return "anomalous";
  return uncertain !== null && score >= uncertain ? "uncertain" : "good";
}

/** With filters and zones, regions are drawn at the level that decides. */
function pixelThresholdOf(
  detection: Detection,
  { pixelThreshold, decision }: ModelDescription,
  imageThreshold: number,
): number | null {
  if (decision !== undefined) return imageThreshold;
  return pixelThreshold ?? (detection.normalised ? 0.5 : null);
}

/** The map's maximum; refuses values that no decision can be based on. */
function highestOf({ data }: FloatMap): number {
  if (data.length === 0) throw unusable("the anomaly map", "at least one value", "none");
  const highest = fastPixelKernels().highest(data);
  if (Number.isFinite(highest)) return highest;
  const odd = data.find((value) => !Number.isFinite(value));
  throw unusable("the anomaly map", "finite numbers", String(odd));
}

function scoreOf(detection: Detection, highest: number | null, model: ModelDescription): number {
  const score = model.scoreSource === "map-max" ? (highest ?? detection.score) : (detection.score ?? highest);
  if (score === null) throw unusable("the network", "an anomaly map or a score", "neither");
  if (!Number.isFinite(score)) throw unusable("the image score", "a finite number", String(score));
  return score;
}

function imageThresholdOf(
  detection: Detection,
  model: ModelDescription,
  options: PostProcessOptions,
): number {
  const chosen = options.imageThreshold;
  if (chosen !== undefined) {
    if (Number.isFinite(chosen)) return chosen;
    throw new BlemishError("OPTION_VALUE", {
      subject: "imageThreshold",
      expected: "a number",
      found: String(chosen),
    });
  }
  const { imageThreshold: threshold, normalisation } = model;
  if (threshold !== null && Number.isFinite(threshold)) {
    if (normalisation.method !== "cdf") return threshold;
    return Math.exp(normalisation.image.mean + threshold * normalisation.image.std);
  }
  if (detection.normalised) return 0.5;
  throw new BlemishError("THRESHOLD_MISSING", { subject: "The model", found: String(threshold) });
}

function labelOf(
  score: number,
  threshold: number,
  detection: Detection,
  { decision }: ModelDescription,
  options: PostProcessOptions,
): boolean {
  if (options.imageThreshold === undefined && detection.label !== null) return detection.label;
  // As the map is compared, so that score and regions agree.
  if (decision !== undefined) return score >= Math.fround(threshold);
  return detection.normalised ? score > threshold : score >= threshold;
}

function maskOf(
  map: FloatMap,
  threshold: number | null,
  detection: Detection,
  { normalisation }: ModelDescription,
): Mask | null {
  const { width, height } = map;
  if (detection.mask !== null) {
    const { width: w, height: h } = detection.mask;
    if (w !== width || h !== height)
      throw unusable("the mask", `${width}×${height} like the map`, `${w}×${h}`);
    return detection.mask;
  }
  if (threshold === null) return null;
  const values = normalisation.method === "cdf" ? standardise(map, normalisation).data : map.data;
  // NumPy compares a float32 array with the threshold rounded to float32.
  const limit = Math.fround(threshold);
  const data = new Uint8Array(values.length);
  fastPixelKernels().mark(values, limit, detection.normalised, data);
  return { width, height, channels: 1, data };
}

function boxesOf(
  regions: readonly Region[],
  wanted: boolean,
): Pick<Judgement, "predBoxes" | "boxLabels" | "boxScores"> {
  if (!wanted) return { predBoxes: null, boxLabels: null, boxScores: null };
  return {
    predBoxes: regions.map((region) => region.box),
    boxLabels: regions.map(() => 1),
    boxScores: regions.map((region) => region.peak.value),
  };
}

function unusable(subject: string, expected: string, found: string): BlemishError {
  return new BlemishError("MODEL_OUTPUT", { subject, expected, found });
}
