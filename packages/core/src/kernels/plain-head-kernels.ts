/** The head kernels in plain TypeScript: slow, obvious, and the reference for the compiled ones. */
import { BLOCK_CELLS, GROUP_ROWS, type HeadKernels, type PackedFactors } from "./packed-factors.js";

/** Kernels that need nothing but the language. */
export const plainHeadKernels: HeadKernels = { squaredDistances, factorise };

const { fround } = Math;

function squaredDistances(head: PackedFactors, embedding: Float32Array, out: Float32Array): void {
  const { channels, cells, factor, scale } = head;
  const rows = GROUP_ROWS * Math.ceil(channels / GROUP_ROWS);
  const delta = new Float32Array(rows * BLOCK_CELLS);
  const unit = new Float32Array(BLOCK_CELLS);
  const total = new Float32Array(BLOCK_CELLS);
  const levels = factor instanceof Int8Array ? int8Levels(rows) : 32767;
  for (let block = 0; block * BLOCK_CELLS < cells; block++) {
    centre(head, block, embedding, delta);
    if (scale === null) sumFloats(factor, block, rows, delta, total);
    else {
      weigh(scale, block, channels, rows, delta, unit);
      roundDeltas(delta, levels, unit);
      sumIntegers(factor, block, rows, delta, total);
      for (let cell = 0; cell < BLOCK_CELLS; cell++)
        total[cell] = fround(total[cell] * unit[cell]) * unit[cell];
    }
    const first = block * BLOCK_CELLS;
    out.set(total.subarray(0, Math.min(BLOCK_CELLS, cells - first)), first);
  }
}

/** Magnitude that the largest delta is rounded to, so that a row's sum fits 32 bits. */
function int8Levels(rows: number): number {
  return Math.min(32767, Math.floor(2 ** 24 / rows));
}

/** delta = embedding − mean; where cells are missing the embedding counts as 0. */
function centre(
  { channels, cells, mean }: PackedFactors,
  block: number,
  embedding: Float32Array,
  delta: Float32Array,
): void {
  const first = block * BLOCK_CELLS;
  for (let d = 0; d < channels; d++) {
    for (let cell = 0; cell < BLOCK_CELLS; cell++) {
      const value = first + cell < cells ? embedding[d * cells + first + cell] : 0;
      delta[d * BLOCK_CELLS + cell] = value - mean[(block * channels + d) * BLOCK_CELLS + cell];
    }
  }
}

/** delta · scale in place; the largest magnitude of each cell goes to `largest`. */
function weigh(
  scale: Float32Array,
  block: number,
  channels: number,
  rows: number,
  delta: Float32Array,
  largest: Float32Array,
): void {
  // Not 0, because it is divided by.
  largest.fill(1e-30);
  const first = block * rows * BLOCK_CELLS;
  for (let at = 0; at < channels * BLOCK_CELLS; at++) {
    delta[at] *= scale[first + at];
    largest[at % BLOCK_CELLS] = Math.max(largest[at % BLOCK_CELLS], Math.abs(delta[at]));
  }
}

/** Deltas become integers of −levels to levels, and `unit`, their largest magnitudes, what a step is worth. */
function roundDeltas(delta: Float32Array, levels: number, unit: Float32Array): void {
  const steps = unit.map((largest) => levels / largest);
  for (let at = 0; at < delta.length; at++) {
    const rounded = Math.floor(fround(fround(delta[at] * steps[at % BLOCK_CELLS]) + 0.5));
    // NaN becomes 0 here, and the cell's unit is NaN.
    delta[at] = rounded | 0;
  }
  for (let cell = 0; cell < BLOCK_CELLS; cell++) unit[cell] /= levels;
}

/** Σ_i (Σ_j W_ij δ_j)², j in ascending order, then i. */
function sumFloats(
  factor: PackedFactors["factor"],
  block: number,
  rows: number,
  delta: Float32Array,
  total: Float32Array,
): void {
  const sums = new Float32Array(GROUP_ROWS * BLOCK_CELLS);
  total.fill(0);
  let at = blockStart(block, rows);
  for (let columns = GROUP_ROWS; columns <= rows; columns += GROUP_ROWS) {
    sums.fill(0);
    for (let j = 0; j < columns; j++)
      for (let entry = 0; entry < sums.length; entry++, at++)
        sums[entry] += fround(factor[at] * delta[j * BLOCK_CELLS + (entry % BLOCK_CELLS)]);
    addSquares(sums, total);
  }
}

/** The same for integers: products of two neighbouring columns are added exactly; with 8 bits those of all columns. */
function sumIntegers(
  factor: PackedFactors["factor"],
  block: number,
  rows: number,
  delta: Float32Array,
  total: Float32Array,
): void {
  const length = GROUP_ROWS * BLOCK_CELLS;
  const sums = factor instanceof Int8Array ? new Float64Array(length) : new Float32Array(length);
  total.fill(0);
  let at = blockStart(block, rows);
  for (let columns = GROUP_ROWS; columns <= rows; columns += GROUP_ROWS) {
    sums.fill(0);
    for (let j = 0; j < columns; j += 2) {
      for (let entry = 0; entry < length; entry++, at += 2) {
        const even = j * BLOCK_CELLS + (entry % BLOCK_CELLS);
        sums[entry] += fround(factor[at] * delta[even] + factor[at + 1] * delta[even + BLOCK_CELLS]);
      }
    }
    addSquares(sums, total);
  }
}

/** Where a block's factors begin: after rows(rows + 4)/2 entries for each cell of every block before. */
function blockStart(block: number, rows: number): number {
  return block * ((rows * (rows + GROUP_ROWS)) / 2) * BLOCK_CELLS;
}

function addSquares(sums: Float32Array | Float64Array, total: Float32Array): void {
  for (let entry = 0; entry < sums.length; entry++) {
    const sum = fround(sums[entry]);
    total[entry % BLOCK_CELLS] += fround(sum * sum);
  }
}

/** Index of element (i, j ≤ i) of the first matrix. */
const element = (i: number, j: number): number => ((i * (i + 1)) / 2 + j) * BLOCK_CELLS;

function factorise(a: Float64Array, channels: number): number {
  for (let i = 0; i < channels; i++) {
    for (let j = 0; j <= i; j++) {
      const target = element(i, j);
      for (let k = 0; k < j; k++) {
        const [x, y] = [element(i, k), element(j, k)];
        for (let lane = 0; lane < BLOCK_CELLS; lane++) a[target + lane] -= a[x + lane] * a[y + lane];
      }
      const pivot = element(j, j);
      if (i !== j) for (let lane = 0; lane < BLOCK_CELLS; lane++) a[target + lane] /= a[pivot + lane];
      else {
        const bad = a.subarray(target, target + BLOCK_CELLS).findIndex((value) => !(value > 0));
        if (bad >= 0) return bad;
        for (let lane = 0; lane < BLOCK_CELLS; lane++) a[target + lane] = Math.sqrt(a[target + lane]);
      }
    }
  }
  return -1;
}
