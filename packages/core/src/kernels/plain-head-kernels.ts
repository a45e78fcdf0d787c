/** The head kernels in plain TypeScript: slow, obvious, and the reference for the compiled ones. */
import {
  BLOCK_CELLS,
  blockPlace,
  GROUP_ROWS,
  type HeadKernels,
  isWhole,
  nextPlace,
  type PackedFactors,
  storedBlock,
} from "./packed-factors.js";

/** Kernels that need nothing but the language. */
export const plainHeadKernels: HeadKernels = { squaredDistances, factorise };

const { fround } = Math;

function squaredDistances(
  head: PackedFactors,
  embedding: Float32Array,
  out: Float32Array,
  from = 0,
  to = Math.ceil(head.cells / BLOCK_CELLS),
): void {
  const { channels, cells, factor, scale } = head;
  const rows = GROUP_ROWS * Math.ceil(channels / GROUP_ROWS);
  const delta = new Float32Array(rows * BLOCK_CELLS);
  const unit = new Float32Array(BLOCK_CELLS);
  const total = new Float32Array(BLOCK_CELLS);
  const levels = factor instanceof Int8Array ? int8Levels(rows) : 32767;
  let at = blockPlace(head, storedBlock(head, from));
  for (let block = from; block < to; block++) {
    const stored = storedBlock(head, block);
    centre(head, block, embedding, delta);
    if (scale !== null) {
      weigh(scale, stored, channels, rows, delta, unit);
      roundDeltas(delta, levels, unit);
    }
    const groups = head.linkedGroups[stored];
    const ordered = isWhole(channels, groups) ? delta : inOrder(head, at.order, delta);
    total.fill(0);
    const rest = (scale === null ? sumFloats : sumIntegers)(
      factor,
      at.factor,
      GROUP_ROWS * groups,
      ordered,
      total,
    );
    addRest(factor, rest, GROUP_ROWS * groups, channels, ordered, total);
    if (head.shared !== true) at = nextPlace(channels, groups, at);
    if (scale !== null)
      for (let cell = 0; cell < BLOCK_CELLS; cell++)
        total[cell] = fround(total[cell] * unit[cell]) * unit[cell];
    const first = block * BLOCK_CELLS;
    out.set(total.subarray(0, Math.min(BLOCK_CELLS, cells - first)), first);
  }
}

/** Magnitude that the largest delta is rounded to, so that a row's sum fits 32 bits. */
function int8Levels(rows: number): number {
  return Math.min(32767, Math.floor(2 ** 24 / rows));
}

/** delta = embedding − mean; where cells are missing the embedding counts as 0. */
function centre(head: PackedFactors, block: number, embedding: Float32Array, delta: Float32Array): void {
  const { channels, cells, mean } = head;
  const first = block * BLOCK_CELLS;
  const means = storedBlock(head, block) * channels;
  for (let d = 0; d < channels; d++) {
    for (let cell = 0; cell < BLOCK_CELLS; cell++) {
      const value = first + cell < cells ? embedding[d * cells + first + cell] : 0;
      delta[d * BLOCK_CELLS + cell] = value - mean[(means + d) * BLOCK_CELLS + cell];
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

/** The deltas in a block's order of channels, which begins at `from`. */
function inOrder({ channels, order }: PackedFactors, from: number, delta: Float32Array): Float32Array {
  const ordered = new Float32Array(delta.length);
  for (let at = 0; at < channels * BLOCK_CELLS; at++)
    ordered[at] = delta[order[from + at] * BLOCK_CELLS + (at % BLOCK_CELLS)];
  return ordered;
}

/** Adds Σ_i (Σ_j W_ij δ_j)² of a triangle, j in ascending order, then i; gives where its entries end. */
function sumFloats(
  factor: PackedFactors["factor"],
  start: number,
  rows: number,
  delta: Float32Array,
  total: Float32Array,
): number {
  const sums = new Float32Array(GROUP_ROWS * BLOCK_CELLS);
  let at = start;
  for (let columns = GROUP_ROWS; columns <= rows; columns += GROUP_ROWS) {
    sums.fill(0);
    for (let j = 0; j < columns; j++)
      for (let entry = 0; entry < sums.length; entry++, at++)
        sums[entry] += fround(factor[at] * delta[j * BLOCK_CELLS + (entry % BLOCK_CELLS)]);
    addSquares(sums, total);
  }
  return at;
}

/** The same for integers: products of two neighbouring columns are added exactly; with 8 bits those of all columns. */
function sumIntegers(
  factor: PackedFactors["factor"],
  start: number,
  rows: number,
  delta: Float32Array,
  total: Float32Array,
): number {
  const length = GROUP_ROWS * BLOCK_CELLS;
  const sums = factor instanceof Int8Array ? new Float64Array(length) : new Float32Array(length);
  let at = start;
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
  return at;
}

/** Adds (W_ii δ_i)² of the channels behind the triangle. */
function addRest(
  factor: PackedFactors["factor"],
  start: number,
  linked: number,
  channels: number,
  delta: Float32Array,
  total: Float32Array,
): void {
  for (let row = linked, at = start; row < channels; row++, at += BLOCK_CELLS)
    addSquares(
      delta.subarray(row * BLOCK_CELLS, (row + 1) * BLOCK_CELLS).map((x, cell) => factor[at + cell] * x),
      total,
    );
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
