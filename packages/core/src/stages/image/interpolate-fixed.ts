/**
 * Linear interpolation of 8-bit samples in OpenCV's fixed-point arithmetic: 11-bit weights, and two shifts
 * that truncate. They matter most for 0/1 masks, where each row's share is cut to quarters before the sum.
 */
import type { Raster8 } from "./image.js";
import { fixedWeights, type LinearTaps } from "./linear-taps.js";

/** Where each sample of an output row reads in its source row, and its weights. */
interface Columns {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly lowWeight: Int32Array;
  readonly highWeight: Int32Array;
}

/**
 * The picture read through the taps of both axes: `[y.low.length, x.low.length, channels]`.
 * Bit-equal to the u8 path of OpenCV 4.8 `resize` (INTER_LINEAR, and INTER_AREA where an axis grows).
 */
export function interpolateFixed<R extends Raster8>(image: R, x: LinearTaps, y: LinearTaps): R {
  const columns = expandColumns(x, image.channels);
  const width = x.low.length;
  const height = y.low.length;
  const length = width * image.channels;
  const stride = image.width * image.channels;
  const weights = fixedWeights(y);
  // Neighbouring rows differ in parity, so two slots hold both and each source row is interpolated once.
  const slots = [new Int32Array(length), new Int32Array(length)] as const;
  const held = [-1, -1];
  const data = new Uint8Array(height * length);
  for (let row = 0; row < height; row++) {
    const low = y.low[row];
    const high = y.high[row];
    for (let source = low; source <= high; source++) {
      if (held[source & 1] === source) continue;
      interpolateRow(image.data, source * stride, columns, slots[source & 1]);
      held[source & 1] = source;
    }
    blendRows(slots[low & 1], slots[high & 1], weights.low[row], weights.high[row], data, row * length);
  }
  return { ...image, width, height, data };
}

function expandColumns(taps: LinearTaps, channels: number): Columns {
  const weights = fixedWeights(taps);
  const length = taps.low.length * channels;
  const low = new Int32Array(length);
  const high = new Int32Array(length);
  const lowWeight = new Int32Array(length);
  const highWeight = new Int32Array(length);
  for (let index = 0; index < length; index++) {
    const pixel = Math.floor(index / channels);
    const channel = index % channels;
    low[index] = taps.low[pixel] * channels + channel;
    high[index] = taps.high[pixel] * channels + channel;
    lowWeight[index] = weights.low[pixel];
    highWeight[index] = weights.high[pixel];
  }
  return { low, high, lowWeight, highWeight };
}

/** One row, 11 fraction bits, already cut to the 7 that the vertical pass reads. */
function interpolateRow(source: Uint8Array, start: number, columns: Columns, row: Int32Array): void {
  const { low, high, lowWeight, highWeight } = columns;
  for (let index = 0; index < row.length; index++) {
    const left = Math.imul(source[start + low[index]], lowWeight[index]);
    const right = Math.imul(source[start + high[index]], highWeight[index]);
    row[index] = (left + right) >> 4;
  }
}

function blendRows(
  upper: Int32Array,
  lower: Int32Array,
  upperWeight: number,
  lowerWeight: number,
  out: Uint8Array,
  start: number,
): void {
  for (let index = 0; index < upper.length; index++) {
    const top = Math.imul(upperWeight, upper[index]) >> 16;
    const bottom = Math.imul(lowerWeight, lower[index]) >> 16;
    out[start + index] = (top + bottom + 2) >> 2;
  }
}
