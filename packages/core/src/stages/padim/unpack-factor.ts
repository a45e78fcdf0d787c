/** One cell's whitening factor out of the packed form. */
import {
  BLOCK_CELLS,
  entryIndex,
  entryStep,
  type PackedGaussians,
  packedRows,
  scaleRows,
} from "./packed-gaussians.js";
import { triangleRows } from "./tiles.js";

/**
 * The whitening factor W of a cell as it is stored, rounding included.
 * @param cell 0 to cells − 1.
 * @returns packed lower triangle `[channels(channels+1)/2]`: element (i, j ≤ i) at i(i+1)/2 + j.
 */
export function unpackFactor(head: PackedGaussians, cell: number): Float64Array {
  const { channels, precision, factor, scale } = head;
  const block = Math.floor(cell / BLOCK_CELLS);
  const lane = cell % BLOCK_CELLS;
  const first = block * packedRows(channels) * BLOCK_CELLS + lane * entryStep(precision);
  const firstScale = block * scaleRows(channels) * BLOCK_CELLS + lane;
  const triangle = new Float64Array(triangleRows(channels));
  for (let i = 0, at = 0; i < channels; i++) {
    for (let j = 0; j <= i; j++, at++) {
      const entry = factor[first + entryIndex(precision, i, j)];
      triangle[at] = scale === null ? entry : entry * scale[firstScale + j * BLOCK_CELLS];
    }
  }
  return triangle;
}
