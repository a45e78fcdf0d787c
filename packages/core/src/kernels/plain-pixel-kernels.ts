/** The loops over pixels in plain TypeScript: obvious, work everywhere, and the reference for the compiled ones. */
import {
  type ByteRows,
  eachRow,
  type FixedAxis,
  type FloatAxis,
  type FloatRows,
  type PixelKernels,
} from "./pixel-kernels.js";
import { averageBytes, filterBytes } from "./plain-runs.js";

/** Kernels that need nothing but the language. */
export const plainPixelKernels: PixelKernels = {
  interpolateFloats,
  interpolateBytes,
  filterBytes,
  averageBytes,
  highest,
  mark,
  normalise,
  planes,
  colour,
};

function interpolateFloats(source: FloatRows, x: FloatAxis, y: FloatAxis, out: Float32Array): void {
  const width = x.low.length;
  const lowShares = x.fraction.map((share) => 1 - share);
  const slots = [new Float32Array(width), new Float32Array(width)];
  eachRow(
    y,
    (row, slot) => interpolateFloatRow(source.data, row * source.width, x, lowShares, slots[slot]),
    (row, upper, lower) => blendFloatRows(slots[upper], slots[lower], y.fraction[row], out, row * width),
  );
}

function interpolateFloatRow(
  source: Float32Array,
  start: number,
  { low, high, fraction }: FloatAxis,
  lowShares: Float32Array,
  row: Float32Array,
): void {
  for (let index = 0; index < row.length; index++) {
    const left = Math.fround(source[start + low[index]] * lowShares[index]);
    row[index] = left + Math.fround(source[start + high[index]] * fraction[index]);
  }
}

function blendFloatRows(
  upper: Float32Array,
  lower: Float32Array,
  share: number,
  out: Float32Array,
  start: number,
): void {
  const upperShare = Math.fround(1 - share);
  for (let index = 0; index < upper.length; index++) {
    out[start + index] = Math.fround(upper[index] * upperShare) + Math.fround(lower[index] * share);
  }
}

function interpolateBytes(source: ByteRows, x: FixedAxis, y: FixedAxis, out: Uint8Array): void {
  const columns = expandColumns(x, source.channels);
  const length = columns.low.length;
  const stride = source.width * source.channels;
  const slots = [new Int32Array(length), new Int32Array(length)];
  eachRow(
    y,
    (row, slot) => interpolateByteRow(source.data, row * stride, columns, slots[slot]),
    (row, upper, lower) =>
      blendByteRows(slots[upper], slots[lower], y.lowWeight[row], y.highWeight[row], out, row * length),
  );
}

/** From pixels to samples. */
function expandColumns(taps: FixedAxis, channels: number): FixedAxis {
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
    lowWeight[index] = taps.lowWeight[pixel];
    highWeight[index] = taps.highWeight[pixel];
  }
  return { low, high, lowWeight, highWeight };
}

/** One row, 11 fraction bits, already cut to the 7 that the vertical pass reads. */
function interpolateByteRow(source: Uint8Array, start: number, columns: FixedAxis, row: Int32Array): void {
  const { low, high, lowWeight, highWeight } = columns;
  for (let index = 0; index < row.length; index++) {
    const left = Math.imul(source[start + low[index]], lowWeight[index]);
    const right = Math.imul(source[start + high[index]], highWeight[index]);
    row[index] = (left + right) >> 4;
  }
}

function blendByteRows(
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

function highest(values: Float32Array): number {
  let most = Number.NEGATIVE_INFINITY;
  // Only NaN and the infinities differ from themselves here.
  let odd = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (value > most) most = value;
    odd += value - value;
  }
  return most + odd;
}

function mark(values: Float32Array, floor: number, strict: boolean, out: Uint8Array): void {
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    out[index] = value > floor || (!strict && value === floor) ? 1 : 0;
  }
}

function normalise(values: Float32Array, middle: number, span: number, out: Float32Array): void {
  const less = Math.fround(middle);
  const by = Math.fround(span);
  for (let index = 0; index < values.length; index++) {
    const share = Math.fround(Math.fround(Math.fround(values[index] - less) / by) + 0.5);
    out[index] = Math.max(Math.min(share, 1), 0);
  }
}

function planes(picture: Uint8Array, tables: Float32Array, out: Float32Array): void {
  const pixels = out.length / 3;
  for (let pixel = 0, sample = 0; pixel < pixels; pixel++, sample += 3) {
    out[pixel] = tables[picture[sample]];
    out[pixels + pixel] = tables[256 + picture[sample + 1]];
    out[2 * pixels + pixel] = tables[512 + picture[sample + 2]];
  }
}

function colour(values: Float32Array, picture: Uint8Array, tables: Uint8Array, out: Uint8Array): void {
  const red = tables.subarray(0, 65536);
  const green = tables.subarray(65536, 2 * 65536);
  const blue = tables.subarray(2 * 65536);
  for (let pixel = 0, at = 0; pixel < values.length; pixel++, at += 3) {
    // Bit operators truncate towards zero and wrap like the C cast does.
    const row = (Math.fround(values[pixel] * 255) & 255) << 8;
    out[at] = red[row | picture[at]];
    out[at + 1] = green[row | picture[at + 1]];
    out[at + 2] = blue[row | picture[at + 2]];
  }
}
