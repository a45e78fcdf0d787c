/**
 * Centred scatter matrices from moments, each cell alone or pooled with its 3 × 3 neighbours. Pooling treats the
 * neighbours' vectors as further samples of the cell: with few pictures that steadies mean and covariance.
 */
import { LANES } from "../../kernels/kernels.js";
import type { MomentAccumulator, Moments } from "./moments.js";
import { tileCount, tileOf, triangleRows } from "./tiles.js";

/** What cells' statistics are before they become Gaussians. */
export interface PooledScatter {
  /** `[tiles, D, LANES]`. */
  readonly mean: Float64Array;
  /** Around the mean, `[tiles, D(D+1)/2, LANES]`. Lanes past the last cell hold the unit matrix: harmless to factorise. */
  readonly scatter: Float64Array;
  /** For every lane of every tile the number of vectors its statistics rest on; 2 past the last cell. */
  readonly vectors: Float64Array;
}

/** A neighbour of a cell. */
export interface Offset {
  readonly right: number;
  readonly down: number;
}

/** The neighbours whose vectors a cell's statistics rest on, itself included, in row-major order. */
export function poolOffsets(pool: 1 | 3): Offset[] {
  const around = pool === 1 ? [0] : [-1, 0, 1];
  return around.flatMap((down) => around.map((right) => ({ right, down })));
}

/** Whether a cell has this neighbour. */
export function hasNeighbour(cell: number, cells: number, width: number, { right, down }: Offset): boolean {
  const x = (cell % width) + right;
  const y = Math.floor(cell / width) + down;
  return x >= 0 && x < width && y >= 0 && y * width < cells;
}

/** Mean and scatter of every cell of a grid `width` cells wide; mean and scatter come from the accumulator's memory. */
export function poolScatter(moments: MomentAccumulator, width: number, pool: 1 | 3): PooledScatter {
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
  if (pool === 3) poolNeighbours(moments, width, { mean, scatter, vectors });
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

/** Index of row 0 of a cell in an array tiled with `rows` rows. */
export function cellBase(cell: number, rows: number): number {
  return Math.floor(cell / LANES) * rows * LANES + (cell % LANES);
}

/**
 * Pools statistics of single cells, in place: the scatter around the common mean m of N pictures in k cells is
 * Σ S_c + N · Σ (m_c − m)(m_c − m)ᵀ.
 */
function poolNeighbours(
  { channels, cells, count }: Moments,
  width: number,
  { mean, scatter, vectors }: PooledScatter,
): void {
  const grid = boxSummer(cells, width);
  const near = grid.sum(new Float64Array(cells).fill(1)).slice();
  vectors.set(near.map((k) => k * count));
  const own = mean.slice();
  gridRows(mean, channels, cells, (row) => grid.sum(row).map((value, cell) => value / near[cell]));
  gridRows(scatter, triangleRows(channels), cells, (row) => grid.sum(row));
  const offsets = poolOffsets(3);
  const deviations = new Float64Array(channels * LANES * NEAR);
  for (let tile = 0; tile < tileCount(cells); tile++) {
    deviations.fill(0);
    for (let lane = 0; lane < LANES && tile * LANES + lane < cells; lane++) {
      const cell = tile * LANES + lane;
      const middle = cellBase(cell, channels);
      offsets.forEach((offset, o) => {
        if (!hasNeighbour(cell, cells, width, offset)) return;
        const from = cellBase(cell + offset.down * width + offset.right, channels);
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
function boxSummer(cells: number, width: number): { sum(row: Float64Array): Float64Array } {
  // With a border of zeros every cell has nine neighbours.
  const wide = width + 2;
  const framed = new Float64Array((cells / width + 2) * wide);
  const across = new Float64Array(framed.length);
  const out = new Float64Array(cells);
  return {
    sum(row) {
      for (let from = 0, to = wide + 1; from < cells; to += 2)
        for (let x = 0; x < width; x++) framed[to++] = row[from++];
      for (let i = 1; i < framed.length - 1; i++) across[i] = framed[i - 1] + framed[i] + framed[i + 1];
      for (let to = 0, from = wide + 1; to < cells; from += 2)
        for (let x = 0; x < width; x++, from++)
          out[to++] = across[from - wide] + across[from] + across[from + wide];
      return out;
    },
  };
}
