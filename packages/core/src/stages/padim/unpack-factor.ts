/** One cell's whitening factor out of the packed form. */
import { blockPlace, isWhole } from "../../kernels/packed-factors.js";
import {
  BLOCK_CELLS,
  entryIndex,
  entryStep,
  GROUP_ROWS,
  type PackedGaussians,
  scaleRows,
  storedBlock,
} from "./packed-gaussians.js";
import { triangleRows } from "./tiles.js";

/**
 * The whitening factor W of a cell as it is stored, rounding included.
 * @param cell 0 to cells − 1.
 * @returns packed lower triangle `[channels(channels+1)/2]`: element (i, j ≤ i) at i(i+1)/2 + j.
 */
export function unpackFactor(head: PackedGaussians, cell: number): Float64Array {
  const { channels, precision, linkedGroups, order, factor, scale } = head;
  const block = storedBlock(head, Math.floor(cell / BLOCK_CELLS));
  const lane = cell % BLOCK_CELLS;
  const place = blockPlace(head, block);
  const groups = linkedGroups[block];
  const rows = GROUP_ROWS * groups;
  const channelOf = (rank: number) =>
    isWhole(channels, groups) ? rank : order[place.order + rank * BLOCK_CELLS + lane];
  const scaleOf = (channel: number) =>
    scale === null ? 1 : scale[(block * scaleRows(channels) + channel) * BLOCK_CELLS + lane];
  const triangle = new Float64Array(triangleRows(channels));
  const put = (row: number, column: number, at: number) => {
    const [i, j] = [channelOf(row), channelOf(column)];
    // Right of the diagonal only where channels are not linked, and their entries 0.
    if (j <= i) triangle[triangleRows(i) + j] = factor[place.factor + at] * scaleOf(j);
  };
  for (let i = 0; i < channels; i++)
    if (i >= rows) put(i, i, entryIndex(precision, rows, 0) + (i - rows) * BLOCK_CELLS + lane);
    else for (let j = 0; j <= i; j++) put(i, j, entryIndex(precision, i, j) + lane * entryStep(precision));
  return triangle;
}
