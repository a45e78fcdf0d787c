/**
 * Centred scatter matrices from moments, each cell alone or pooled with its 3 × 3 neighbours. Pooling treats the
 * neighbours' vectors as further samples of the cell: with few pictures that steadies mean and covariance.
 */
import { LANES } from "../../kernels/kernels.js";
import { type CellGrid, neighbourOf, type Pool, poolOffsets } from "./cell-grid.js";
import type { MomentAccumulator, Moments } from "./moments.js";
import { cellBase, type PooledScatter, tileCount, tileOf, triangleRows } from "./tiles.js";

/** Mean and scatter of every cell of a grid; mean and scatter come from the accumulator's memory. */
export function poolScatter(moments: MomentAccumulator, grid: CellGrid, pool: Pool): PooledScatter {
  const { channels, cells, count, pilot, sum, kernels } = moments;
  const tiles = tileCount(cells);
  const mean = kernels.float64(tiles * channels * LANES);
  const scatter = kernels.float64(tiles * triangleRows(channels) * LANES);
  const vectors = kernels
    .float64(tiles * LANES)
    .fill(2)
    .fill(count, 0, cells);
  for (let at = 0; at < mean.length; at++) mean[at] = pilot[at] + sum[at] / count;
  kernels.centreScatter(sum, moments.scatter, channels, count, scatter);
  if (pool === 3) poolNeighbours(moments, grid, { mean, scatter, vectors });
  for (let lane = cells; lane < vectors.length; lane++) {
    const base = cellBase(lane, triangleRows(channels));
    for (let i = 0; i < channels; i++) scatter[base + (triangleRows(i) + i) * LANES] = 1;
  }
  return { mean, scatter, vectors };
}

/** Bytes that it takes, and room for two more numbers a cell. */
export function pooledBytes(channels: number, cells: number): number {
  return 8 * LANES * tileCount(cells) * (channels + triangleRows(channels) + 3) + 4096;
}

/** Cells that are pooled, where all of them are there. */
const NEAR = 9;

/**
 * Pools statistics of single cells, in place: the scatter around the common mean m of N pictures in k cells is
 * Σ S_c + N · Σ (m_c − m)(m_c − m)ᵀ.
 */
function poolNeighbours(
  { channels, cells, count }: Moments,
  grid: CellGrid,
  { mean, scatter, vectors }: PooledScatter,
): void {
  const boxes = boxSummer(cells, grid);
  const near = boxes.sum(new Float64Array(cells).fill(1)).slice();
  vectors.set(near.map((k) => k * count));
  const own = mean.slice();
  gridRows(mean, channels, cells, (row) => boxes.sum(row).map((value, cell) => value / near[cell]));
  gridRows(scatter, triangleRows(channels), cells, (row) => boxes.sum(row));
  const offsets = poolOffsets(3);
  const nextTo = neighbourOf(grid, cells);
  const deviations = new Float64Array(channels * LANES * NEAR);
  for (let tile = 0; tile < tileCount(cells); tile++) {
    deviations.fill(0);
    for (let lane = 0; lane < LANES && tile * LANES + lane < cells; lane++) {
      const cell = tile * LANES + lane;
      const middle = cellBase(cell, channels);
      offsets.forEach((offset, o) => {
        const neighbour = nextTo(cell, offset);
        if (neighbour < 0) return;
        const from = cellBase(neighbour, channels);
        for (let d = 0; d < channels; d++)
          deviations[(d * LANES + lane) * NEAR + o] = own[from + d * LANES] - mean[middle + d * LANES];
      });
    }
    addScaled(tileOf(scatter, tile, triangleRows(channels)), deviations, channels, count);
  }
}

/** `scatter[i ≥ j] += count · Σ_o δ_o[i] · δ_o[j]` for a tile; deviations `[channels, LANES, 9]`. */
function addScaled(scatter: Float64Array, deviations: Float64Array, channels: number, count: number): void {
  const each = LANES * NEAR;
  const left = new Float64Array(each);
  for (let i = 0, at = 0; i < channels; i++) {
    for (let k = 0; k < each; k++) left[k] = count * deviations[i * each + k];
    for (let j = 0; j <= i; j++) {
      for (let k = 0, r = j * each; k < each; k += NEAR, r += NEAR, at++)
        scatter[at] +=
          left[k] * deviations[r] +
          left[k + 1] * deviations[r + 1] +
          left[k + 2] * deviations[r + 2] +
          left[k + 3] * deviations[r + 3] +
          left[k + 4] * deviations[r + 4] +
          left[k + 5] * deviations[r + 5] +
          left[k + 6] * deviations[r + 6] +
          left[k + 7] * deviations[r + 7] +
          left[k + 8] * deviations[r + 8];
    }
  }
}

/** Replaces every row of a tiled array by what `change` makes of it, the cells in order; padding stays. */
function gridRows(
  tiled: Float64Array,
  rows: number,
  cells: number,
  change: (row: Float64Array) => Float64Array,
): void {
  const row = new Float64Array(cells);
  for (let r = 0; r < rows; r++) {
    for (let cell = 0; cell < cells; cell++)
      row[cell] = tiled[(cell - (cell % LANES)) * rows + r * LANES + (cell % LANES)];
    const changed = change(row);
    for (let cell = 0; cell < cells; cell++)
      tiled[(cell - (cell % LANES)) * rows + r * LANES + (cell % LANES)] = changed[cell];
  }
}

/** Sums over the 3 × 3 cells around each cell, fewer at the border; the result is overwritten by the next. */
function boxSummer(cells: number, { width, places }: CellGrid): { sum(row: Float64Array): Float64Array } {
  // With a border of zeros every cell has nine neighbours.
  const wide = width + 2;
  const last = places === undefined ? cells - 1 : places[cells - 1];
  const framed = new Float64Array((Math.floor(last / width) + 3) * wide);
  const across = new Float64Array(framed.length);
  const out = new Float64Array(cells);
  const at = Int32Array.from({ length: cells }, (_, cell) => {
    const place = places?.[cell] ?? cell;
    return (Math.floor(place / width) + 1) * wide + (place % width) + 1;
  });
  return {
    sum(row) {
      for (let cell = 0; cell < cells; cell++) framed[at[cell]] = row[cell];
      for (let i = 1; i < framed.length - 1; i++) across[i] = framed[i - 1] + framed[i] + framed[i + 1];
      for (let cell = 0; cell < cells; cell++)
        out[cell] = across[at[cell] - wide] + across[at[cell]] + across[at[cell] + wide];
      return out;
    },
  };
}
