/**
 * The loops over pixels compiled to WebAssembly with SIMD (`assembly/`): the same bytes as `plain-pixel-kernels.ts`,
 * several times faster. A picture passes through a small memory: rows go in one by one, the result comes out in
 * strips that stay in the processor's cache. Nothing is kept between two calls but the memory's size.
 */

import { MAX_PAGES } from "./arena.js";
import { instantiate } from "./instantiate.js";
import {
  type ByteRows,
  eachRow,
  type FixedAxis,
  type FloatAxis,
  type FloatRows,
  type PixelKernels,
} from "./pixel-kernels.js";
import { MARGIN, reserve, STRIP_BYTES, stripRows } from "./pixel-memory.js";
import { plainPixelKernels } from "./plain-pixel-kernels.js";
import { averageBytes, averageSizes, filterBytes, filterSizes, type RunExports } from "./wasm-runs.js";

interface Exports extends RunExports {
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
  highest(values: number, count: number): number;
  mark(values: number, floor: number, equal: number, out: number, count: number): void;
  normalise(values: number, middle: number, span: number, out: number, count: number): void;
  planes(picture: number, tables: number, out: number, pixels: number): void;
  colour(values: number, picture: number, tables: number, out: number, pixels: number): void;
}

/**
 * Fast pixel kernels with a memory of their own, which grows to what the widest rows so far needed (32 MB at most).
 * @returns null where WebAssembly with SIMD is missing.
 */
export function wasmPixelKernels(): PixelKernels | null {
  if (typeof WebAssembly !== "object") return null;
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES });
  const kernels = instantiate<Exports>(memory);
  if (kernels === null) return null;
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
    filterBytes(source, x, y, out) {
      const places = source.channels > 4 ? null : reserve(memory, filterSizes(source, x, y));
      if (places === null) plainPixelKernels.filterBytes(source, x, y, out);
      else filterBytes(kernels, memory.buffer, places, source, x, y, out);
    },
    averageBytes(source, x, y, finish, out) {
      const places = source.channels > 4 ? null : reserve(memory, averageSizes(source, x, y));
      if (places === null) plainPixelKernels.averageBytes(source, x, y, finish, out);
      else averageBytes(kernels, memory.buffer, places, source, x, y, finish, out);
    },
    ...mapPasses(kernels, memory),
    planes(picture, tables, out) {
      const places = reserve(memory, planeSizes(tables));
      if (places === null) plainPixelKernels.planes(picture, tables, out);
      else planes(kernels, memory.buffer, places, picture, tables, out);
    },
    colour(values, picture, tables, out) {
      const places = reserve(memory, colourSizes(tables));
      if (places === null) plainPixelKernels.colour(values, picture, tables, out);
      else colour(kernels, memory.buffer, places, values, picture, tables, out);
    },
  };
}

/** Sizes of: low, high, low shares, high shares, source row, two slots, strip. */
function floatSizes(source: FloatRows, x: FloatAxis): number[] {
  const row = 4 * x.low.length;
  return [row, row, row, row, 4 * source.width, row, row, row * stripRows(row)];
}

function interpolateFloats(
  kernels: Exports,
  buffer: ArrayBufferLike,
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
  buffer: ArrayBufferLike,
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

/** The kernels that go through the values of a map once. */
function mapPasses(
  kernels: Exports,
  memory: WebAssembly.Memory,
): Pick<PixelKernels, "highest" | "mark" | "normalise"> {
  return {
    highest(values) {
      const [strip] = reserve(memory, [STRIP_BYTES]) ?? [];
      if (strip === undefined) return plainPixelKernels.highest(values);
      let most = Number.NEGATIVE_INFINITY;
      eachStrip(memory.buffer, values, strip, (_, count) => {
        most = Math.max(most, kernels.highest(strip, count));
      });
      return most;
    },
    mark(values, floor, strict, out) {
      const [strip, marks] = reserve(memory, [STRIP_BYTES, STRIP_BYTES / 4]) ?? [];
      if (strip === undefined || marks === undefined) plainPixelKernels.mark(values, floor, strict, out);
      else
        eachStrip(memory.buffer, values, strip, (start, count) => {
          kernels.mark(strip, floor, strict ? 0 : -1, marks, count);
          out.set(new Uint8Array(memory.buffer, marks, count), start);
        });
    },
    normalise(values, middle, span, out) {
      const [strip, shares] = reserve(memory, [STRIP_BYTES, STRIP_BYTES]) ?? [];
      if (strip === undefined || shares === undefined) plainPixelKernels.normalise(values, middle, span, out);
      else
        eachStrip(memory.buffer, values, strip, (start, count) => {
          kernels.normalise(strip, middle, span, shares, count);
          out.set(new Float32Array(memory.buffer, shares, count), start);
        });
    },
  };
}

/** Brings values into the memory strip by strip, and calls `use` with the start and the length of each. */
function eachStrip(
  buffer: ArrayBufferLike,
  values: Float32Array,
  strip: number,
  use: (start: number, count: number) => void,
): void {
  const floats = new Float32Array(buffer, strip, STRIP_BYTES / 4);
  for (let start = 0; start < values.length; start += floats.length) {
    const part = values.subarray(start, start + floats.length);
    floats.set(part);
    use(start, part.length);
  }
}

/** Pixels that are sorted into planes before they are copied out together. */
const PLANE_PIXELS = STRIP_BYTES / 16;

/** Sizes of: tables, picture, planes. */
function planeSizes(tables: Float32Array): number[] {
  return [4 * tables.length, 3 * PLANE_PIXELS, 12 * PLANE_PIXELS];
}

function planes(
  kernels: Exports,
  buffer: ArrayBufferLike,
  places: readonly number[],
  picture: Uint8Array,
  tables: Float32Array,
  out: Float32Array,
): void {
  const [table, pictureStrip, outStrip] = places;
  const bytes = new Uint8Array(buffer);
  const floats = new Float32Array(buffer);
  floats.set(tables, table / 4);
  const pixels = out.length / 3;
  for (let start = 0; start < pixels; start += PLANE_PIXELS) {
    const count = Math.min(PLANE_PIXELS, pixels - start);
    bytes.set(picture.subarray(3 * start, 3 * (start + count)), pictureStrip);
    kernels.planes(pictureStrip, table, outStrip, count);
    for (let channel = 0; channel < 3; channel++) {
      const from = outStrip / 4 + channel * count;
      out.set(floats.subarray(from, from + count), channel * pixels + start);
    }
  }
}

/** Pixels that are coloured before they are copied out together. */
const COLOUR_PIXELS = STRIP_BYTES / 4;

/** Sizes of: tables, values, picture, result. */
function colourSizes(tables: Uint8Array): number[] {
  return [tables.length, 4 * COLOUR_PIXELS, 3 * COLOUR_PIXELS, 3 * COLOUR_PIXELS];
}

function colour(
  kernels: Exports,
  buffer: ArrayBufferLike,
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
function copyOffsets(buffer: ArrayBufferLike, place: number, positions: Int32Array, bytesEach: number): void {
  const offsets = new Int32Array(buffer, place, positions.length + MARGIN / 4);
  for (let index = 0; index < positions.length; index++) offsets[index] = positions[index] * bytesEach;
  offsets.fill(0, positions.length);
}
