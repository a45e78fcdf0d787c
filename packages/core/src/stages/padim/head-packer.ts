/** From whitening factors, eight cells at a time, to the packed form, rounded to its precision. */
import { factorPacker } from "./factor-packer.js";
import {
  BLOCK_CELLS,
  blockCount,
  type FactorPrecision,
  type PackedGaussians,
  scaleRows,
} from "./packed-gaussians.js";
import { roundBlock, storedEntries } from "./round-block.js";
import { triangleRows } from "./tiles.js";

/** Packed Gaussians in the making. */
export interface HeadPacker {
  /** `[blocks, channels, 8]`, zeros: to be filled by the caller. */
  readonly mean: Float32Array;
  /**
   * Packs the next block; lanes behind the last cell are left alone.
   * @param triangles packed lower triangles `[channels(channels+1)/2, 8]`.
   */
  add(triangles: Float64Array): void;
  /** The Gaussians when all blocks are there. */
  finish(): PackedGaussians;
}

/** A packer for Gaussians of that size. */
export function headPacker(channels: number, cells: number, precision: FactorPrecision): HeadPacker {
  const blocks = blockCount(cells);
  const size = scaleRows(channels) * BLOCK_CELLS;
  const mean = new Float32Array(blocks * channels * BLOCK_CELLS);
  const scale = precision === "float32" ? null : new Float32Array(blocks * size);
  const packer = factorPacker(channels, blocks, precision);
  const stored = storedEntries(precision, triangleRows(channels) * BLOCK_CELLS);
  let block = 0;
  return {
    mean,
    add(triangles) {
      const lanes = Math.min(BLOCK_CELLS, cells - block * BLOCK_CELLS);
      if (lanes < BLOCK_CELLS) stored.fill(0);
      const scales = scale?.subarray(block * size, (block + 1) * size) ?? null;
      roundBlock(triangles, channels, lanes, precision, stored, scales);
      packer.add(stored);
      block++;
    },
    finish: () => ({ channels, cells, precision, mean, ...packer.finish(), scale }),
  };
}
