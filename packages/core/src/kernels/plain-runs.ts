/** Weighted sums of runs of pixels in plain TypeScript: `filterBytes` and `averageBytes` of the plain pixel kernels. */
import { type ByteRows, eachRun, RUN_WEIGHT_BITS, type RunAxis } from "./pixel-kernels.js";

type Fixed = RunAxis<Int32Array>;
type Float = RunAxis<Float32Array>;

const HALF = 1 << (RUN_WEIGHT_BITS - 1);

/** See `PixelKernels.filterBytes`. */
export function filterBytes(source: ByteRows, x: Fixed, y: Fixed, out: Uint8Array): void {
  const { width, channels, data } = source;
  const length = x.first.length * channels;
  const ring = longestRun(y);
  const rows = new Uint8ClampedArray(ring * length);
  const sums = new Int32Array(length);
  // Weights may sum to a little more than one, so results saturate.
  const result = new Uint8ClampedArray(out.buffer, out.byteOffset, out.length);
  const filterRow = channels === 3 ? filterRgbRow : filterAnyRow;
  eachRun(
    y,
    ring,
    (row, slot) =>
      filterRow(data, row * width * channels, x, rows.subarray(slot * length, (slot + 1) * length)),
    (row, slot) => {
      sums.fill(HALF);
      for (let tap = y.offset[row], place = slot; tap < y.offset[row + 1]; tap++, place = (place + 1) % ring)
        addRow(rows, place * length, y.weight[tap], sums);
      for (let index = 0; index < length; index++)
        result[row * length + index] = sums[index] >> RUN_WEIGHT_BITS;
    },
  );
}

function filterAnyRow(
  source: Uint8Array,
  start: number,
  { first, offset, weight }: Fixed,
  row: Uint8ClampedArray,
) {
  const channels = row.length / first.length;
  for (let index = 0; index < row.length; index++) {
    const channel = index % channels;
    const pixel = (index - channel) / channels;
    let position = start + first[pixel] * channels + channel;
    let sum = HALF;
    for (let tap = offset[pixel]; tap < offset[pixel + 1]; tap++) {
      sum += Math.imul(source[position], weight[tap]);
      position += channels;
    }
    row[index] = sum >> RUN_WEIGHT_BITS;
  }
}

/** The same for three channels: three sums side by side take about two thirds of the time. */
function filterRgbRow(
  source: Uint8Array,
  start: number,
  { first, offset, weight }: Fixed,
  row: Uint8ClampedArray,
) {
  for (let pixel = 0; pixel < first.length; pixel++) {
    let position = start + first[pixel] * 3;
    let red = HALF;
    let green = HALF;
    let blue = HALF;
    for (let tap = offset[pixel]; tap < offset[pixel + 1]; tap++) {
      const share = weight[tap];
      red += Math.imul(source[position], share);
      green += Math.imul(source[position + 1], share);
      blue += Math.imul(source[position + 2], share);
      position += 3;
    }
    row[pixel * 3] = red >> RUN_WEIGHT_BITS;
    row[pixel * 3 + 1] = green >> RUN_WEIGHT_BITS;
    row[pixel * 3 + 2] = blue >> RUN_WEIGHT_BITS;
  }
}

function addRow(rows: Uint8ClampedArray, start: number, weight: number, sums: Int32Array): void {
  for (let index = 0; index < sums.length; index++) sums[index] += Math.imul(rows[start + index], weight);
}

/** See `PixelKernels.averageBytes`. */
export function averageBytes(
  source: ByteRows,
  x: Float,
  y: Float,
  { scale, shift }: { readonly scale: number; readonly shift: number },
  out: Uint8Array,
): void {
  const { width, channels, data } = source;
  const length = x.first.length * channels;
  const ring = longestRun(y);
  const rows = new Float32Array(ring * length);
  const sums = new Float32Array(length);
  const factor = Math.fround(scale);
  const offset = Math.fround(shift);
  // Storing into a clamped array rounds half to even and saturates, which is just what is wanted.
  const result = new Uint8ClampedArray(out.buffer, out.byteOffset, out.length);
  const averageRow = channels === 3 ? averageRgbRow : averageAnyRow;
  eachRun(
    y,
    ring,
    (row, slot) =>
      averageRow(data, row * width * channels, x, rows.subarray(slot * length, (slot + 1) * length)),
    (row, slot) => {
      sums.fill(0);
      for (let tap = y.offset[row], place = slot; tap < y.offset[row + 1]; tap++, place = (place + 1) % ring)
        addFloats(rows, place * length, y.weight[tap], sums);
      for (let index = 0; index < length; index++)
        result[row * length + index] = Math.fround(Math.fround(sums[index] * factor) + offset);
    },
  );
}

function averageAnyRow(
  source: Uint8Array,
  start: number,
  { first, offset, weight }: Float,
  row: Float32Array,
) {
  const channels = row.length / first.length;
  for (let index = 0; index < row.length; index++) {
    const channel = index % channels;
    const cell = (index - channel) / channels;
    let position = start + first[cell] * channels + channel;
    let total = 0;
    for (let tap = offset[cell]; tap < offset[cell + 1]; tap++) {
      total = Math.fround(total + Math.fround(source[position] * weight[tap]));
      position += channels;
    }
    row[index] = total;
  }
}

/** The same for three channels: three sums side by side take about two thirds of the time. */
function averageRgbRow(
  source: Uint8Array,
  start: number,
  { first, offset, weight }: Float,
  row: Float32Array,
) {
  for (let cell = 0; cell < first.length; cell++) {
    let position = start + first[cell] * 3;
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let tap = offset[cell]; tap < offset[cell + 1]; tap++) {
      const share = weight[tap];
      red = Math.fround(red + Math.fround(source[position] * share));
      green = Math.fround(green + Math.fround(source[position + 1] * share));
      blue = Math.fround(blue + Math.fround(source[position + 2] * share));
      position += 3;
    }
    row[cell * 3] = red;
    row[cell * 3 + 1] = green;
    row[cell * 3 + 2] = blue;
  }
}

function addFloats(rows: Float32Array, start: number, weight: number, sums: Float32Array): void {
  for (let index = 0; index < sums.length; index++) sums[index] += Math.fround(weight * rows[start + index]);
}

function longestRun({ first, offset }: Fixed | Float): number {
  let longest = 0;
  for (let index = 0; index < first.length; index++)
    longest = Math.max(longest, offset[index + 1] - offset[index]);
  return longest;
}
