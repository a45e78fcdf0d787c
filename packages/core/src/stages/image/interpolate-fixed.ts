/**
 * Linear interpolation of 8-bit samples in OpenCV's fixed-point arithmetic: 11-bit weights, and two shifts
 * that truncate. They matter most for 0/1 masks, where each row's share is cut to quarters before the sum.
 */
import { fastPixelKernels } from "../../kernels/fast-pixel-kernels.js";
import type { FixedAxis } from "../../kernels/pixel-kernels.js";
import type { Raster8 } from "./image.js";
import { fixedWeights, type LinearTaps } from "./linear-taps.js";

/**
 * The picture read through the taps of both axes: `[y.low.length, x.low.length, channels]`.
 * Bit-equal to the u8 path of OpenCV 4.8 `resize` (INTER_LINEAR, and INTER_AREA where an axis grows).
 */
export function interpolateFixed<R extends Raster8>(image: R, x: LinearTaps, y: LinearTaps): R {
  const width = x.low.length;
  const height = y.low.length;
  const data = new Uint8Array(height * width * image.channels);
  fastPixelKernels().interpolateBytes(image, fixedAxis(x), fixedAxis(y), data);
  return { ...image, width, height, data };
}

function fixedAxis(taps: LinearTaps): FixedAxis {
  const weights = fixedWeights(taps);
  return { low: taps.low, high: taps.high, lowWeight: weights.low, highWeight: weights.high };
}
