/**
 * Raw values → 0–1 with 0.5 = threshold, as Anomalib 0.3–1.x does it outside the graph. Labels and masks are
 * decided before, on raw values. Anomalib 2.x normalises inside its graph: nothing is left to do here.
 */
import type { Normalisation, Range } from "../../anomalib/model-description.js";
import { BlemishError } from "../../errors.js";
import { fastPixelKernels } from "../../kernels/fast-pixel-kernels.js";
import type { FloatMap } from "../image/image.js";
import { normalCdf } from "./normal-cdf.js";

/**
 * Normalises an image score.
 *
 * - `min_max`: clip((score − threshold) / (max − min) + 0.5, 0, 1) in float64, which is what NumPy 1.x makes of a
 *   float32 score and float64 metadata (Anomalib 0.7 `normalize_min_max`).
 * - `cdf`: Φ((ln score − ln threshold) / std). Both in raw units, so this is Φ(z − z of the threshold).
 * - `none`, `in-graph`: the score itself.
 *
 * @param threshold raw units; maps to 0.5.
 * @throws BlemishError METADATA_FORMAT when the range of `min_max` or the deviation of `cdf` is not above 0.
 */
export function normaliseScore(score: number, threshold: number, normalisation: Normalisation): number {
  switch (normalisation.method) {
    case "min_max":
      return Math.max(Math.min((score - threshold) / spanOf(normalisation.image) + 0.5, 1), 0);
    case "cdf": {
      const { std } = normalisation.image;
      requireSpread(std, "image_std");
      // A threshold of 0 or less has no logarithm: every score above 0 is infinitely far over it.
      return score > 0 ? normalCdf((Math.log(score) - Math.log(Math.max(threshold, 0))) / std) : 0;
    }
    default:
      return score;
  }
}

/**
 * Normalises an anomaly map `[h, w]` at model size into a new map; the map itself for `none` and `in-graph`.
 *
 * - `min_max`: as for the score, but every step in float32, as NumPy computes a float32 array.
 * - `cdf`: Φ(z − threshold), z = {@link standardise} of the map. Anomalib 0.4–0.7's training callback applies Φ twice
 *   by a duplicated line and its inferencers fail on such models; once is what the method means.
 *
 * @param threshold raw units; standardised units for `cdf`. Maps to 0.5.
 * @throws BlemishError METADATA_FORMAT when the range is not above 0 or the statistics do not fit the map.
 */
export function normaliseMap(map: FloatMap, threshold: number, normalisation: Normalisation): FloatMap {
  switch (normalisation.method) {
    case "min_max":
      return { ...map, data: minMax(map.data, threshold, spanOf(normalisation.pixel)) };
    case "cdf": {
      const standardised = standardise(map, normalisation);
      return { ...map, data: standardised.data.map((z) => normalCdf(z - threshold)) };
    }
    default:
      return map;
  }
}

/**
 * Standardises a raw map for `cdf`: z = (ln v − pixel mean) / pixel std, then less (image mean − pixel mean) / pixel
 * std unless the image mean is 0 (Anomalib 0.7 `standardize` with `center_at`). 0 becomes −∞.
 *
 * @throws BlemishError METADATA_FORMAT when the statistics are not of the map's size.
 */
export function standardise(
  map: FloatMap,
  { image, pixel }: Extract<Normalisation, { method: "cdf" }>,
): FloatMap {
  const length = map.data.length;
  if (pixel.mean.length !== length || pixel.std.length !== length)
    throw new BlemishError("METADATA_FORMAT", {
      subject: "pixel_mean / pixel_std of the metadata",
      expected: `${length} values (${map.width}×${map.height})`,
      found: `${pixel.mean.length} and ${pixel.std.length}`,
    });
  const data = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    // Taking the pixel mean off and putting it back cancels when the map is centred at the image mean.
    const mean = image.mean === 0 ? pixel.mean[i]! : image.mean;
    const std = pixel.std[i]!;
    requireSpread(std, "pixel_std");
    data[i] = (Math.log(Math.max(map.data[i]!, 0)) - mean) / std;
  }
  return { ...map, data };
}

function minMax(values: Float32Array, threshold: number, span: number): Float32Array {
  const out = new Float32Array(values.length);
  fastPixelKernels().normalise(values, threshold, span, out);
  return out;
}

function spanOf({ min, max }: Range): number {
  const span = max - min;
  if (span > 0 && span < Number.POSITIVE_INFINITY) return span;
  throw new BlemishError("METADATA_FORMAT", {
    subject: "min / max of the metadata",
    expected: "max above min",
    found: `min ${min}, max ${max}`,
  });
}

function requireSpread(std: number, name: string): void {
  if (std > 0) return;
  throw new BlemishError("METADATA_FORMAT", {
    subject: `${name} of the metadata`,
    expected: "a number above 0",
    found: String(std),
  });
}
