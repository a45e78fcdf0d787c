/**
 * Gaussians as prediction reads them: eight cells side by side, the rows of the whitening factors in groups of four,
 * integers with a scale for each column where that is asked for, and without most of what is zero. These are the bytes
 * in a model file and the bytes that the kernels work on.
 *
 * Scales belong to columns, that is, to channels: so a channel of large numbers takes nothing from the precision of the
 * others. A column's largest entry becomes 32767 or 127.
 *
 * A channel that never varied where a cell lies, as most features behind a rectifier somewhere do, has nothing but its
 * diagonal entry in the cell's factor. Channels that have more are linked; each cell counts its linked ones first, and
 * only they take part in the triangle.
 */
import { BLOCK_CELLS, blockEntries, GROUP_ROWS, storedBlock } from "../../kernels/packed-factors.js";

export { BLOCK_CELLS, blockPlace, GROUP_ROWS, storedBlock } from "../../kernels/packed-factors.js";

/** How the factors are stored. Typical relative error of a distance: 1e-7, 1e-5, 2e-3. */
export type FactorPrecision = "float32" | "int16" | "int8";

/**
 * One Gaussian per cell, or one for all, packed. A block has a triangle of L groups of four rows, and behind it the diagonal of the
 * channels that are not in the triangle. Row i of the triangle holds columns 0 to 4⌊i / 4⌋ + 3; what lies right of the
 * diagonal, below the last channel or behind the last cell is 0.
 */
export interface PackedGaussians {
  readonly channels: number;
  readonly cells: number;
  readonly precision: FactorPrecision;
  /** `[blocks, channels, 8]`. */
  readonly mean: Float32Array;
  /** `[blocks]`: L, 0 to T = ⌈channels / 4⌉. */
  readonly linkedGroups: Int16Array;
  /**
   * `[blocks with L < T, channels, 8]`: the channel of every row and column of a cell's factor, ascending among its
   * linked ones. In blocks with L = T, row i belongs to channel i.
   */
  readonly order: Int16Array;
  /**
   * For each block `[8L(L + 1), 8]` entries of the triangle (see `entryIndex`) and `[channels − 4L, 8]` of the diagonal
   * behind it. Triangle, float32: for each group and each column of it the four rows, `[column, 4, 8]`. Integers: columns
   * in pairs that stand side by side, `[column / 2, 4, 8, 2]`, and an entry is value · scale of its channel.
   */
  readonly factor: Float32Array | Int16Array | Int8Array;
  /** `[blocks, 4T, 8]`, one for each channel: > 0 for channels and cells that exist, else 0; null for float32. */
  readonly scale: Float32Array | null;
  /** All cells have the Gaussian that stands in every cell of the one block. Absent = each has its own. */
  readonly shared?: boolean;
}

/** Cells whose numbers are stored: all, or those of the one block that all share. */
export function storedCells({ cells, shared }: Pick<PackedGaussians, "cells" | "shared">): number {
  return shared === true ? BLOCK_CELLS : cells;
}

/** The mean of a cell, `[channels]`. */
export function meanOf(head: PackedGaussians, cell: number): Float32Array {
  const { channels, mean } = head;
  const first = storedBlock(head, Math.floor(cell / BLOCK_CELLS)) * channels;
  const lane = cell % BLOCK_CELLS;
  return Float32Array.from({ length: channels }, (_, d) => mean[(first + d) * BLOCK_CELLS + lane]);
}

/** Number of blocks that hold `cells` cells. */
export function blockCount(cells: number): number {
  return Math.ceil(cells / BLOCK_CELLS);
}

/** Groups of rows that a triangle of all channels has. */
export function groupCount(channels: number): number {
  return Math.ceil(channels / GROUP_ROWS);
}

/** Entries that a packed factor has for each cell when nothing is left out. */
export function packedRows(channels: number): number {
  return blockEntries(channels, groupCount(channels));
}

/** Scales that a packed factor of integers has for each cell. */
export function scaleRows(channels: number): number {
  return GROUP_ROWS * groupCount(channels);
}

/** Where entry (row, column ≤ row) of a triangle stands for the first cell, counted from the block's first entry. */
export function entryIndex(precision: FactorPrecision, row: number, column: number): number {
  const group = Math.floor(row / GROUP_ROWS);
  const before = 8 * group * (group + 1) * BLOCK_CELLS;
  const line = row % GROUP_ROWS;
  if (precision === "float32") return before + (GROUP_ROWS * column + line) * BLOCK_CELLS;
  const pair = Math.floor(column / 2);
  return before + (GROUP_ROWS * pair + line) * 2 * BLOCK_CELLS + (column % 2);
}

/** Steps from a cell's entry in the triangle to that of the next cell of its block. */
export function entryStep(precision: FactorPrecision): 1 | 2 {
  return precision === "float32" ? 1 : 2;
}
