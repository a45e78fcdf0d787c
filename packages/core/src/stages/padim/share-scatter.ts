/**
 * One Gaussian for all places: every cell gets the mean and the scatter of all vectors of all pictures, as PaDiM without its
 * places. For textures and for parts that lie differently in every picture.
 */
import { LANES } from "../../kernels/kernels.js";
import type { Moments } from "./moments.js";
import { cellBase, type PooledScatter, triangleRows } from "./tiles.js";

/** Pools statistics of single cells over all of them, in place: S = Σ S_c + N · Σ (m_c − m)(m_c − m)ᵀ. */
export function shareScatter(
  { channels, cells, count }: Pick<Moments, "channels" | "cells" | "count">,
  { mean, scatter, vectors }: PooledScatter,
): void {
  vectors.fill(cells * count, 0, cells);
  const deviations = new Float64Array(channels * cells);
  for (let d = 0; d < channels; d++) {
    const own = deviations.subarray(d * cells, (d + 1) * cells);
    for (let cell = 0; cell < cells; cell++) own[cell] = mean[cellBase(cell, channels) + d * LANES]!;
    const middle = own.reduce((sum, value) => sum + value, 0) / cells;
    for (let cell = 0; cell < cells; cell++) {
      own[cell]! -= middle;
      mean[cellBase(cell, channels) + d * LANES] = middle;
    }
  }
  const rows = triangleRows(channels);
  for (let i = 0; i < channels; i++)
    for (let j = 0; j <= i; j++) {
      const row = (triangleRows(i) + j) * LANES;
      let sum = 0;
      for (let cell = 0, a = i * cells, b = j * cells; cell < cells; cell++, a++, b++)
        sum += scatter[cellBase(cell, rows) + row]! + count * deviations[a]! * deviations[b]!;
      for (let cell = 0; cell < cells; cell++) scatter[cellBase(cell, rows) + row] = sum;
    }
}
