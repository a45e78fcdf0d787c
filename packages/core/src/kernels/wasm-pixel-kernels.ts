/**
 * The loops over pixels compiled to WebAssembly with SIMD (`assembly/`): the same bytes as `plain-pixel-kernels.ts`,
 * several times faster. A picture passes through a small memory: rows go in one by one, the result comes out in
 * strips that stay in the processor's cache. Nothing is kept between two calls but the memory's size.
 */

import {
  type ByteRows,
  eachRow,
  type FixedAxis,
  type FloatAxis,
  type FloatRows,
  type PixelKernels,
} from "./pixel-kernels.js";
import { PIXEL_KERNELS } from "./pixel-kernels-wasm.js";
import { plainPixelKernels } from "./plain-pixel-kernels.js";

const PAGE = 65_536;
/** Rows so wide that they need more than this are left to the plain functions, because the memory never shrinks. */
const MAX_BYTES = 1 << 25;
/** Size of a strip of the result; at least one row. */
const STRIP_BYTES = 1 << 16;
/** Room behind every part, for vectors that begin inside it. */
const MARGIN = 64;

interface Exports {
  interpolateFloats(
    source: number,
    low: number,
    high: number,
    lowShares: number,
    highShares: number,
    out: number,
    count: number,
  ): void;
  blendFloats(
    upper: number,
    lower: number,
    upperShare: number,
    lowerShare: number,
    out: number,
    count: number,
  ): void;
  interpolateBytes(
    source: number,
    low: number,
    high: number,
    weights: number,
    out: number,
    channels: number,
    pixels: number,
  ): void;
  blendBytes(
    upper: number,
    lower: number,
    upperWeight: number,
    lowerWeight: number,
    out: number,
    count: number,
  ): void;
  colour(values: number, picture: number, tables: number, out: number, pixels: number): void;
}

/**
 * Fast pixel kernels with a memory of their own, which grows to what the widest rows so far needed (32 MB at most).
 * @returns null where WebAssembly with SIMD is missing.
 */
export function wasmPixelKernels(): PixelKernels | null {
  let memory: WebAssembly.Memory;
  let kernels: Exports;
  try {
    memory = new WebAssembly.Memory({ initial: 1 });
    const code = Uint8Array.from(atob(PIXEL_KERNELS), (character) => character.charCodeAt(0));
    const instance = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory } });
    kernels = instance.exports as unknown as Exports;
  } catch {
    return null;
  }
  return {
    interpolateFloats(source, x, y, out) {
      const places = reserve(memory, floatSizes(source, x));
      if (places === null) plainPixelKernels.interpolateFloats(source, x, y, out);
      else interpolateFloats(kernels, memory.buffer, places, source, x, y, out);
    },
    interpolateBytes(source, x, y, out) {
      const places = source.channels > 4 ? null : reserve(memory, byteSizes(source, x));
      if (places === null) plainPixelKernels.interpolateBytes(source, x, y, out);
      else interpolateBytes(kernels, memory.buffer, places, source, x, y, out);
    },
    colour(values, picture, tables, out) {
      const places = reserve(memory, colourSizes(tables));
      if (places === null) plainPixelKernels.colour(values, picture, tables, out);
      else colour(kernels, memory.buffer, places, values, picture, tables, out);
    },
  };
}

/** Offsets of parts of these sizes in the memory, which grows when it must; null when they do not fit. */
function reserve(memory: WebAssembly.Memory, sizes: readonly number[]): number[] | null {
  // A cache line apart from address 0, so that no part is a null pointer.
  let free = 64;
  const places = sizes.map((size) => {
    const place = free;
    free += Math.ceil((size + MARGIN) / 64) * 64;
    return place;
  });
  if (free > MAX_BYTES) return null;
  const missing = free - memory.buffer.byteLength;
  try {
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  } catch {
    return null;
  }
  return places;
}

/** Rows of the result that are made before they are copied out together. */
function stripRows(rowBytes: number): number {
  return Math.max(1, Math.floor(STRIP_BYTES / rowBytes));
}

/** Sizes of: low, high, low shares, high shares, source row, two slots, strip. */
function floatSizes(source: FloatRows, x: FloatAxis): number[] {
  const row = 4 * x.low.length;
  return [row, row, row, row, 4 * source.width, row, row, row * stripRows(row)];
}

function interpolateFloats(
  kernels: Exports,
  buffer: ArrayBuffer,
  places: readonly number[],
  source: FloatRows,
  x: FloatAxis,
  y: FloatAxis,
  out: Float32Array,
): void {
  const [low, high, lowShares, highShares, sourceRow, slot0, slot1, strip] = places;
  const slots = [slot0, slot1];
  const width = x.low.length;
  const floats = new Float32Array(buffer);
  copyOffsets(buffer, low, x.low, 4);
  copyOffsets(buffer, high, x.high, 4);
  for (let index = 0; index < width; index++) floats[lowShares / 4 + index] = 1 - x.fraction[index];
  floats.set(x.fraction, highShares / 4);
  const perStrip = stripRows(4 * width);
  const lastRow = y.low.length - 1;
  eachRow(
    y,
    (row, slot) => {
      floats.set(source.data.subarray(row * source.width, (row + 1) * source.width), sourceRow / 4);
      kernels.interpolateFloats(sourceRow, low, high, lowShares, highShares, slots[slot], width);
    },
    (row, upper, lower) => {
      const share = y.fraction[row];
      const place = row % perStrip;
      const to = strip + 4 * width * place;
      kernels.blendFloats(slots[upper], slots[lower], Math.fround(1 - share), share, to, width);
      if (place < perStrip - 1 && row < lastRow) return;
      out.set(floats.subarray(strip / 4, strip / 4 + (place + 1) * width), (row - place) * width);
    },
  );
}

/** Sizes of: low, high, weights, source row, two slots, strip. */
function byteSizes({ width, channels }: ByteRows, x: FixedAxis): number[] {
  const table = 4 * x.low.length;
  const row = channels * x.low.length;
  return [table, table, table, width * channels, 4 * row, 4 * row, row * stripRows(row)];
}

function interpolateBytes(
  kernels: Exports,
  buffer: ArrayBuffer,
  places: readonly number[],
  { width, channels, data }: ByteRows,
  x: FixedAxis,
  y: FixedAxis,
  out: Uint8Array,
): void {
  const [low, high, weights, sourceRow, slot0, slot1, strip] = places;
  const slots = [slot0, slot1];
  const pixels = x.low.length;
  const bytes = new Uint8Array(buffer);
  copyOffsets(buffer, low, x.low, channels);
  copyOffsets(buffer, high, x.high, channels);
  const pairs = new Int32Array(buffer, weights, pixels);
  for (let index = 0; index < pixels; index++)
    pairs[index] = x.lowWeight[index] | (x.highWeight[index] << 16);
  const length = pixels * channels;
  const stride = width * channels;
  const perStrip = stripRows(length);
  const lastRow = y.low.length - 1;
  eachRow(
    y,
    (row, slot) => {
      bytes.set(data.subarray(row * stride, (row + 1) * stride), sourceRow);
      kernels.interpolateBytes(sourceRow, low, high, weights, slots[slot], channels, pixels);
    },
    (row, upper, lower) => {
      const place = row % perStrip;
      const to = strip + length * place;
      kernels.blendBytes(slots[upper], slots[lower], y.lowWeight[row], y.highWeight[row], to, length);
      if (place < perStrip - 1 && row < lastRow) return;
      out.set(bytes.subarray(strip, strip + (place + 1) * length), (row - place) * length);
    },
  );
}

/** Pixels that are coloured before they are copied out together. */
const COLOUR_PIXELS = STRIP_BYTES / 4;

/** Sizes of: tables, values, picture, result. */
function colourSizes(tables: Uint8Array): number[] {
  return [tables.length, 4 * COLOUR_PIXELS, 3 * COLOUR_PIXELS, 3 * COLOUR_PIXELS];
}

function colour(
  kernels: Exports,
  buffer: ArrayBuffer,
  places: readonly number[],
  values: Float32Array,
  picture: Uint8Array,
  tables: Uint8Array,
  out: Uint8Array,
): void {
  const [table, valueStrip, pictureStrip, outStrip] = places;
  const bytes = new Uint8Array(buffer);
  const floats = new Float32Array(buffer);
  bytes.set(tables, table);
  for (let start = 0; start < values.length; start += COLOUR_PIXELS) {
    const end = Math.min(start + COLOUR_PIXELS, values.length);
    floats.set(values.subarray(start, end), valueStrip / 4);
    bytes.set(picture.subarray(3 * start, 3 * end), pictureStrip);
    kernels.colour(valueStrip, pictureStrip, table, outStrip, end - start);
    out.set(bytes.subarray(outStrip, outStrip + 3 * (end - start)), 3 * start);
  }
}

/** Source positions as byte offsets, with zeros behind them: vectors that begin inside read on. */
function copyOffsets(buffer: ArrayBuffer, place: number, positions: Int32Array, bytesEach: number): void {
  const offsets = new Int32Array(buffer, place, positions.length + MARGIN / 4);
  for (let index = 0; index < positions.length; index++) offsets[index] = positions[index] * bytesEach;
  offsets.fill(0, positions.length);
}
