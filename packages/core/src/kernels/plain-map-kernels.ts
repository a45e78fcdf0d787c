/** The loops over maps in plain TypeScript: obvious, work everywhere, and the reference for the compiled ones. */
import { type BandMatrix, type MapKernels, paddedRows } from "./map-kernels.js";

/** Kernels that need nothing but the language. */
export const plainMapKernels: MapKernels = { smooth, maximum, countAtLeast, collectAtLeast };

function smooth(
  grid: Float32Array,
  rows: BandMatrix,
  columns: BandMatrix,
  wide: Float32Array,
  out: Float32Array,
): void {
  const width = paddedRows(columns.to);
  for (let y = 0; y < rows.from; y++)
    for (let x = 0; x < width; x++) wide[y * width + x] = weightedSum(columns, x, grid, y * columns.from, 1);
  for (let y = 0; y < paddedRows(rows.to); y++)
    for (let x = 0; x < width; x++) out[y * width + x] = weightedSum(rows, y, wide, x, width);
}

/** A row of a matrix times the values that stand `stride` apart from `start` on. */
function weightedSum(
  { first, band, weights }: BandMatrix,
  row: number,
  values: Float32Array,
  start: number,
  stride: number,
): number {
  const group = row >> 2;
  let at = start + first[group] * stride;
  let sum = 0;
  for (let k = 0; k < band; k++, at += stride)
    sum = Math.fround(sum + Math.fround(values[at] * weights[(group * band + k) * 4 + (row & 3)]));
  return sum;
}

function maximum(values: Float32Array): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) if (values[i] > highest) highest = values[i];
  return highest + 0;
}

function countAtLeast(values: Float32Array, floor: number): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] >= floor) count++;
  return count;
}

function collectAtLeast(values: Float32Array, floor: number, out: Float32Array): void {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] >= floor) out[count++] = values[i];
}
