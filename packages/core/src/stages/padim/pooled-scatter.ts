/**
 * Centred scatter matrices from moments, each cell alone or pooled with its 3 × 3 neighbours. Pooling treats the
 * neighbours' vectors as further samples of the cell: with few pictures that steadies mean and covariance.
 */
import { LANES } from "../../kernels/kernels.js";
import type { Moments } from "./moments.js";
import { triangleRows } from "./tiles.js";

/** The cells whose vectors a cell's statistics rest on, itself included, in row-major order. */
export function neighbours(cell: number, cells: number, width: number, pool: 1 | 3): number[] {
  if (pool === 1) return [cell];
  const height = cells / width;
  const [x, y] = [cell % width, Math.floor(cell / width)];
  const found: number[] = [];
  for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++)
    for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) found.push(v * width + u);
  return found;
}

/**
 * Writes mean `[tiles, D, LANES]` and centred scatter `[tiles, D(D+1)/2, LANES]` of every cell.
 * Lanes past the last cell get the unit matrix, so that factorising them is harmless.
 * @returns for every lane of every tile the number of vectors its statistics rest on (2 in the padding).
 */
export function poolScatter(
  moments: Moments,
  width: number,
  pool: 1 | 3,
  mean: Float64Array,
  scatter: Float64Array,
): Float64Array {
  const { channels, cells, count } = moments;
  const vectors = new Float64Array(mean.length / channels).fill(2);
  if (pool === 1) centreTiles(moments, mean, scatter);
  const offset = new Float64Array(channels);
  for (let cell = 0; cell < cells; cell++) {
    const near = neighbours(cell, cells, width, pool);
    vectors[cell] = near.length * count;
    if (pool === 1) continue;
    const base = cellBase(cell, channels);
    for (let d = 0; d < channels; d++) {
      let sum = 0;
      for (const other of near) sum += meanAt(moments, other, d);
      mean[base + d * LANES] = sum / near.length;
    }
    for (const other of near) {
      for (let d = 0; d < channels; d++) offset[d] = meanAt(moments, other, d) - mean[base + d * LANES];
      addCentred(moments, other, offset, scatter, cellBase(cell, triangleRows(channels)));
    }
  }
  for (let lane = cells; lane < vectors.length; lane++) {
    const base = cellBase(lane, triangleRows(channels));
    for (let i = 0; i < channels; i++) scatter[base + (triangleRows(i) + i) * LANES] = 1;
  }
  return vectors;
}

/** The same for cells that stand alone, a whole tile at a time. */
function centreTiles(moments: Moments, mean: Float64Array, out: Float64Array): void {
  const { channels, count, pilot, sum, scatter } = moments;
  for (let at = 0; at < mean.length; at++) mean[at] = pilot[at] + sum[at] / count;
  for (let tile = 0, at = 0; tile * channels * LANES < sum.length; tile++) {
    const s = tile * channels * LANES;
    for (let i = 0; i < channels; i++) {
      for (let j = 0; j <= i; j++, at += LANES) {
        const [left, right] = [s + i * LANES, s + j * LANES];
        for (let lane = 0; lane < LANES; lane++)
          out[at + lane] = scatter[at + lane] - (sum[left + lane] / count) * sum[right + lane];
      }
    }
  }
}

/** Index of row 0 of a cell in an array tiled with `rows` rows. */
export function cellBase(cell: number, rows: number): number {
  return Math.floor(cell / LANES) * rows * LANES + (cell % LANES);
}

function meanAt(moments: Moments, cell: number, channel: number): number {
  const at = cellBase(cell, moments.channels) + channel * LANES;
  return moments.pilot[at] + moments.sum[at] / moments.count;
}

/** Adds S_c + N · offset · offsetᵀ, where S_c = Q − s·sᵀ/N is the centred scatter of cell c. */
function addCentred(
  moments: Moments,
  cell: number,
  offset: Float64Array,
  out: Float64Array,
  to: number,
): void {
  const { channels, count, sum, scatter } = moments;
  const s = cellBase(cell, channels);
  let from = cellBase(cell, triangleRows(channels));
  let target = to;
  for (let i = 0; i < channels; i++) {
    const si = sum[s + i * LANES] / count;
    const oi = offset[i] * count;
    for (let j = 0; j <= i; j++, from += LANES, target += LANES)
      out[target] += scatter[from] - si * sum[s + j * LANES] + oi * offset[j];
  }
}
