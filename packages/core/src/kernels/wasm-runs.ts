/**
 * Weighted sums of runs of pixels, compiled: the host of `filterBytes` and `averageBytes` of the pixel kernels. Source
 * rows go into the memory one by one, are summed along the row into a ring that stays in the processor's cache, and rows
 * of the ring are summed into a strip of the result.
 */
import { type ByteRows, eachRun, type RunAxis } from "./pixel-kernels.js";
import { MARGIN, stripRows } from "./pixel-memory.js";

/** Sums along two source rows, `stride` bytes apart, into two rows. */
type SumAcross = (
  source: number,
  stride: number,
  taps: number,
  out: number,
  other: number,
  channels: number,
  pixels: number,
) => void;

/** What the compiled module has for these sums; see `assembly/pixel-kernels.ts`. */
export interface RunExports {
  filterAcross: SumAcross;
  filterDown(
    rows: number,
    stride: number,
    ring: number,
    slot: number,
    taps: number,
    pairs: number,
    out: number,
    count: number,
  ): void;
  averageAcross: SumAcross;
  averageDown(
    rows: number,
    stride: number,
    ring: number,
    slot: number,
    weights: number,
    taps: number,
    scale: number,
    shift: number,
    out: number,
    count: number,
  ): void;
}

type Fixed = RunAxis<Int32Array>;
type Float = RunAxis<Float32Array>;

/** The low half of a fixed-point weight has this many bits: products of 16-bit lanes take no more. */
const LOW_BITS = 11;
const LOW_MASK = (1 << LOW_BITS) - 1;

/** Bytes of: taps of x, taps of y, two source rows, ring, strip. */
export function filterSizes({ width, channels }: ByteRows, x: Fixed, y: Fixed): number[] {
  return sizes(width * channels, x, y, x.first.length * channels, 1);
}

/** Bytes of: taps of x, taps of y, two source rows, ring (of floats), strip. */
export function averageSizes({ width, channels }: ByteRows, x: Float, y: Float): number[] {
  return sizes(width * channels, x, y, x.first.length * channels, 4);
}

/**
 * `PixelKernels.filterBytes` for at most four channels.
 * @param places offsets of parts of the sizes of {@link filterSizes}.
 */
export function filterBytes(
  kernels: RunExports,
  buffer: ArrayBufferLike,
  places: readonly number[],
  source: ByteRows,
  x: Fixed,
  y: Fixed,
  out: Uint8Array,
): void {
  const [xTaps, yTaps, , ring] = places;
  writePairs(buffer, xTaps, x, source.channels);
  const rowTaps = writePairs(buffer, yTaps, y, 1);
  const count = x.first.length * source.channels;
  const stride = ringStride(count);
  const ringBytes = ringRows(y) * stride;
  sumRows(kernels.filterAcross, buffer, places, source, [x, y], 1, out, (row, slot, to) => {
    const taps = rowTaps[row];
    const pairs = (rowTaps[row + 1] - taps) / 8 - 1;
    kernels.filterDown(ring, stride, ringBytes, slot * stride, taps + 8, pairs, to, count);
  });
}

/**
 * `PixelKernels.averageBytes` for at most four channels.
 * @param places offsets of parts of the sizes of {@link averageSizes}.
 */
export function averageBytes(
  kernels: RunExports,
  buffer: ArrayBufferLike,
  places: readonly number[],
  source: ByteRows,
  x: Float,
  y: Float,
  { scale, shift }: { readonly scale: number; readonly shift: number },
  out: Uint8Array,
): void {
  const [xTaps, yTaps, , ring] = places;
  writeFloats(buffer, xTaps, x, source.channels);
  new Float32Array(buffer, yTaps, y.weight.length).set(y.weight);
  const count = x.first.length * source.channels;
  const stride = ringStride(4 * count);
  const ringBytes = ringRows(y) * stride;
  sumRows(kernels.averageAcross, buffer, places, source, [x, y], 4, out, (row, slot, to) => {
    const weights = yTaps + 4 * y.offset[row];
    const taps = y.offset[row + 1] - y.offset[row];
    kernels.averageDown(ring, stride, ringBytes, slot * stride, weights, taps, scale, shift, to, count);
  });
}

/**
 * Walks through the result. Source rows are summed along themselves two at a time, which shares the reading of the
 * weights: so the ring is one ahead, by a row that is garbage behind the last of an odd number of rows.
 * @param sampleBytes bytes of one sample in the ring.
 * @param sumDown sums the run that begins in a slot of the ring into a row of the strip.
 */
function sumRows(
  sumAcross: SumAcross,
  buffer: ArrayBufferLike,
  [taps, , sourceRows, ring, strip]: readonly number[],
  { width, channels, data }: ByteRows,
  [x, y]: readonly [Fixed | Float, Fixed | Float],
  sampleBytes: number,
  out: Uint8Array,
  sumDown: (row: number, slot: number, to: number) => void,
): void {
  const bytes = new Uint8Array(buffer);
  const pixels = x.first.length;
  const length = pixels * channels;
  const sourceStride = width * channels;
  const stride = ringStride(sampleBytes * length);
  const slots = ringRows(y);
  const perStrip = stripRows(length);
  const lastRow = y.first.length - 1;
  let ahead = -1;
  eachRun(
    y,
    slots,
    (row, slot) => {
      if (row === ahead) return;
      bytes.set(data.subarray(row * sourceStride, (row + 2) * sourceStride), sourceRows);
      const next = ring + ((slot + 1) % slots) * stride;
      sumAcross(sourceRows, sourceStride, taps, ring + slot * stride, next, channels, pixels);
      ahead = row + 1;
    },
    (row, slot) => {
      const place = row % perStrip;
      sumDown(row, slot, strip + length * place);
      if (place < perStrip - 1 && row < lastRow) return;
      out.set(bytes.subarray(strip, strip + (place + 1) * length), (row - place) * length);
    },
  );
}

function sizes(rowBytes: number, x: Fixed | Float, y: Fixed | Float, length: number, sampleBytes: number) {
  const taps = (axis: Fixed | Float) => 4 * (3 * axis.first.length + axis.weight.length);
  const ring = ringRows(y) * ringStride(sampleBytes * length);
  return [taps(x), taps(y), 2 * rowBytes, ring, length * stripRows(length)];
}

/** Bytes from one row of the ring to the next; vectors may begin inside a row and end behind it. */
function ringStride(rowBytes: number): number {
  return Math.ceil((rowBytes + MARGIN) / 64) * 64;
}

/** The longest run and one row ahead, which is also the second row of a last pair that is half empty. */
function ringRows({ first, offset }: Fixed | Float): number {
  let longest = 0;
  for (let row = 0; row < first.length; row++) longest = Math.max(longest, offset[row + 1] - offset[row]);
  return longest + 1;
}

/**
 * Writes for each output: byte offset of its first tap, number of pairs, halves of the weights of each pair; a last
 * weight without partner is paired with 0.
 * @returns where each output's taps begin, and where the last ones end.
 */
function writePairs(buffer: ArrayBufferLike, place: number, axis: Fixed, bytesEach: number): Int32Array {
  const { first, offset, weight } = axis;
  const words = new Int32Array(buffer);
  const begins = new Int32Array(first.length + 1);
  let at = place / 4;
  for (let index = 0; index < first.length; index++) {
    const end = offset[index + 1];
    begins[index] = 4 * at;
    words[at++] = first[index] * bytesEach;
    words[at++] = (end - offset[index] + 1) >> 1;
    for (let tap = offset[index]; tap < end; tap += 2) {
      const second = tap + 1 < end ? weight[tap + 1] : 0;
      words[at++] = (weight[tap] & LOW_MASK) | ((second & LOW_MASK) << 16);
      words[at++] = (weight[tap] >> LOW_BITS) | ((second >> LOW_BITS) << 16);
    }
  }
  begins[first.length] = 4 * at;
  return begins;
}

/** Writes for each output: byte offset of its first tap, number of taps, weights. */
function writeFloats(buffer: ArrayBufferLike, place: number, axis: Float, bytesEach: number): void {
  const { first, offset, weight } = axis;
  const words = new Int32Array(buffer);
  const floats = new Float32Array(buffer);
  let at = place / 4;
  for (let index = 0; index < first.length; index++) {
    words[at++] = first[index] * bytesEach;
    words[at++] = offset[index + 1] - offset[index];
    for (let tap = offset[index]; tap < offset[index + 1]; tap++) floats[at++] = weight[tap];
  }
}
