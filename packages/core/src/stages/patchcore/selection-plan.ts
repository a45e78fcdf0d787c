/** What a selection of a bank works with: how many patches each stage sees, the room for them, the rows it has chosen. */
import { ALIGNMENT, type Arena } from "../../kernels/arena.js";
import { type PackedPoints, POINT_BLOCK } from "../../kernels/memory-bank.js";
import { neighbourBytes } from "../../kernels/wasm-neighbour-kernels.js";
import { checkInteger } from "../../random.js";
import type { EmbeddingShape } from "./check-embedding.js";
import { projectedDimensions } from "./random-projection.js";

/** How a bank is selected. */
export interface SelectionOptions extends EmbeddingShape {
  /** Rows that are wanted. */
  readonly size: number;
  /** Patches of the random sample, at least `size`; with all patches of all pictures one pass is enough. */
  readonly pool: number;
  /** Patches that the second stage chooses from, at least `size`. */
  readonly far: number;
  /** An integer from 0: the same seed gives the same bank. */
  readonly seed: number;
}

/** What follows from the options. */
export interface SelectionPlan {
  /** Patches of the sample. */
  readonly sampled: number;
  /** Rows of the finished bank, at most. */
  readonly rows: number;
  /** Rows that the first stage chooses, at most. */
  readonly first: number;
  /** Patches that the second stage chooses from; 0 = there is none, the sample holds all. */
  readonly far: number;
}

/** @throws OPTION_VALUE for no pictures, a bank of no rows, or a `pool` or `far` that is smaller than the bank. */
export function selectionPlan({ cells, pictures, size, pool, far }: SelectionOptions): SelectionPlan {
  checkInteger("The number of pictures", pictures, 1, Math.floor(2 ** 32 / cells));
  checkInteger("The size of the memory bank", size, 1, 2 ** 31 - 1);
  const total = cells * pictures;
  const rows = Math.min(size, total);
  checkInteger("The sample of patches", pool, rows, Number.MAX_SAFE_INTEGER);
  if (pool >= total) return { sampled: total, rows, first: rows, far: 0 };
  checkInteger("The number of far patches", far, rows, Number.MAX_SAFE_INTEGER);
  return { sampled: pool, rows, first: Math.ceil(rows / 2), far: Math.min(far, total) };
}

/** Arrays of an arena that both stages use, one after the other. */
export interface SelectionRoom {
  readonly points: Float32Array;
  readonly distances: Float32Array;
  readonly centres: Float32Array;
}

/** Room for both stages. @throws MEMORY when the arena has less than {@link roomBytes} left. */
export function selectionRoom(channels: number, plan: SelectionPlan, arena: Arena): SelectionRoom {
  const { points, distances, centres } = roomLengths(channels, plan);
  return {
    points: arena.float32(points),
    distances: arena.float32(distances),
    centres: arena.float32(centres),
  };
}

/** Bytes that `selectionRoom` takes. */
export function roomBytes(channels: number, plan: SelectionPlan): number {
  const { points, distances, centres } = roomLengths(channels, plan);
  return 4 * (points + distances + centres) + 3 * ALIGNMENT;
}

/** Bytes that the second stage takes beside it. */
export function secondStageBytes({ channels, cells }: EmbeddingShape, { first, far }: SelectionPlan): number {
  if (far === 0) return 0;
  const search = neighbourBytes({ rows: first, channels, scale: null }, cells);
  return 4 * (first * (channels + 1) + cells * (channels + 2)) + 5 * ALIGNMENT + search;
}

function roomLengths(channels: number, { sampled, rows, first, far }: SelectionPlan) {
  const dimensions = projectedDimensions(channels);
  return {
    points: Math.max(padded(sampled) * dimensions, padded(far) * channels),
    distances: Math.max(padded(sampled), padded(far)),
    centres: Math.max(first * dimensions, far === 0 ? 0 : rows * channels),
  };
}

/** The first `count` points of a room, whose padding holds zeros. */
export function pointsIn(room: Float32Array, count: number, channels: number): PackedPoints {
  return { count, channels, data: room.subarray(0, padded(count) * channels) };
}

/** A number of points with what fills up the last block. */
export function padded(count: number): number {
  return Math.ceil(count / POINT_BLOCK) * POINT_BLOCK;
}

/** The patches that were chosen, in the order of choice. */
export interface ChosenPatches {
  readonly count: number;
  /** `[count, channels]`. */
  readonly rows: Float32Array;
  /** `[count]`, number of each patch among all: picture · cells + cell. */
  readonly numbers: Float64Array;
  /** Keeps one more. */
  take(number: number, row: Float32Array): void;
}

/** Room for at most `most` patches. */
export function chosenPatches(channels: number, most: number): ChosenPatches {
  const rows = new Float32Array(most * channels);
  const numbers = new Float64Array(most);
  let count = 0;
  return {
    get count() {
      return count;
    },
    get rows() {
      return rows.subarray(0, count * channels);
    },
    get numbers() {
      return numbers.subarray(0, count);
    },
    take(number, row) {
      rows.set(row, count * channels);
      numbers[count++] = number;
    },
  };
}
