/** The heat map of a judged picture, on one fixed colour scale whatever the model: green = threshold. */
import type { FloatMap, RgbImage } from "../image/image.js";
import type { Judgement } from "../postprocess/result.js";
import { superimposeAnomalyMap } from "./superimpose.js";

/**
 * Colours over the picture, `[height, width, 3]`; null for a model without a map.
 *
 * A normalised map is drawn as Anomalib draws it. A raw map (`normalization_method: none`) is drawn as
 * v / (2 · pixel threshold), clipped to 0–1, so the threshold has the colour it always has; Anomalib casts raw values
 * to bytes and they wrap round.
 *
 * @param image the judged picture, of the size of `judgement.anomalyMap`.
 */
export function heatMapOf(judgement: Judgement, image: RgbImage): RgbImage | null {
  const map = judgement.anomalyMap;
  if (map === null) return null;
  return superimposeAnomalyMap(
    judgement.normalised ? map : scaleToThreshold(map, heatMapThreshold(judgement)),
    image,
  );
}

/** The raw value that is drawn in the colour of 0.5: the pixel threshold, else the image threshold. */
export function heatMapThreshold({ pixelThreshold, imageThreshold }: Judgement): number {
  return pixelThreshold ?? imageThreshold;
}

function scaleToThreshold(map: FloatMap, threshold: number): FloatMap {
  const data = new Float32Array(map.data.length);
  // Distances are never negative, so a threshold that is not above 0 leaves only "over it".
  const scale = threshold > 0 ? 0.5 / threshold : Number.POSITIVE_INFINITY;
  for (let i = 0; i < data.length; i++) {
    const value = map.data[i]!;
    data[i] = value > 0 ? Math.min(value * scale, 1) : 0;
  }
  return { ...map, data };
}
