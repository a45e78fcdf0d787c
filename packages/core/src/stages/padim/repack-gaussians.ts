/** Packed Gaussians → the same in coarser numbers. */
import { headPacker } from "./head-packer.js";
import {
  BLOCK_CELLS,
  blockCount,
  type FactorPrecision,
  type PackedGaussians,
  storedCells,
} from "./packed-gaussians.js";
import { triangleRows } from "./tiles.js";
import { unpackFactor } from "./unpack-factor.js";

/** The Gaussians with factors rounded to another precision; means stay what they are. */
export function repackGaussians(head: PackedGaussians, precision: FactorPrecision): PackedGaussians {
  const { channels, mean } = head;
  const cells = storedCells(head);
  const packer = headPacker(channels, cells, precision);
  packer.mean.set(mean);
  const rows = triangleRows(channels);
  const triangles = new Float64Array(rows * BLOCK_CELLS);
  for (let block = 0; block < blockCount(cells); block++) {
    const lanes = Math.min(BLOCK_CELLS, cells - block * BLOCK_CELLS);
    for (let lane = 0; lane < lanes; lane++) {
      const factor = unpackFactor(head, block * BLOCK_CELLS + lane);
      for (let row = 0; row < rows; row++) triangles[row * BLOCK_CELLS + lane] = factor[row] as number;
    }
    packer.add(triangles);
  }
  const { cells: all, shared } = head;
  return { ...packer.finish(), cells: all, ...(shared !== undefined && { shared }) };
}
