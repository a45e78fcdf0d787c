/**
 * How per-cell statistics are stored: cells stand in tiles of `LANES`, the last tile padded, so that vector
 * instructions work on neighbouring cells. `[tiles, rows, LANES]` for whatever rows a quantity has.
 */
import { LANES } from "../../kernels/kernels.js";

/** Number of tiles that hold `cells` cells. */
export function tileCount(cells: number): number {
  return Math.ceil(cells / LANES);
}

/** Rows of a packed lower triangle of `channels` × `channels`. */
export function triangleRows(channels: number): number {
  return (channels * (channels + 1)) / 2;
}

/** The part of a tiled array that belongs to one tile: `[rows, LANES]`, a view. */
export function tileOf(tiled: Float64Array, tile: number, rows: number): Float64Array {
  return tiled.subarray(tile * rows * LANES, (tile + 1) * rows * LANES);
}

/**
 * Copies one tile out of an embedding, less a centre: `out[d, lane] = embedding[d, cell] − centre[d, lane]`.
 * Lanes past the last cell become 0.
 * @param embedding float32 `[D, cells]`.
 * @param centre `[D, LANES]`, the tile's part of a tiled array.
 * @param out `[D, LANES]`.
 */
export function centredTile(
  embedding: Float32Array,
  cells: number,
  tile: number,
  centre: Float64Array,
  out: Float64Array,
): void {
  const first = tile * LANES;
  const lanes = Math.min(LANES, cells - first);
  for (let row = 0, from = first; row < centre.length; row += LANES, from += cells) {
    for (let lane = 0; lane < lanes; lane++) out[row + lane] = embedding[from + lane] - centre[row + lane];
    out.fill(0, row + lanes, row + LANES);
  }
}
