/** The kernels in plain TypeScript: slow, obvious, and the reference for the compiled ones. */
import { type Kernels, LANES } from "./kernels.js";

/** Kernels that need nothing but the language. */
export function plainKernels(): Kernels {
  return { float64: (length) => new Float64Array(length), addOuterProducts, whiten, squaredDistances };
}

function addOuterProducts(
  scatter: Float64Array,
  delta: Float64Array,
  channels: number,
  pictures: number,
): void {
  for (let i = 0, at = 0; i < channels; i++) {
    for (let j = 0; j <= i; j++, at += LANES) {
      for (let b = 0; b < pictures; b++) {
        const left = (b * channels + i) * LANES;
        const right = (b * channels + j) * LANES;
        for (let lane = 0; lane < LANES; lane++)
          scatter[at + lane] += delta[left + lane] * delta[right + lane];
      }
    }
  }
}

/** Index of element (i, j ≤ i) of lane 0. */
const element = (i: number, j: number): number => ((i * (i + 1)) / 2 + j) * LANES;

function whiten(matrices: Float64Array, channels: number): number {
  for (let lane = 0; lane < LANES; lane++) {
    if (!factorise(matrices, channels, lane)) return lane;
    invert(matrices, channels, lane);
  }
  return -1;
}

/** A → L with L·Lᵀ = A, in place; false when a pivot is not positive. */
function factorise(a: Float64Array, channels: number, lane: number): boolean {
  for (let i = 0; i < channels; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[element(i, j) + lane];
      for (let k = 0; k < j; k++) sum -= a[element(i, k) + lane] * a[element(j, k) + lane];
      if (i !== j) a[element(i, j) + lane] = sum / a[element(j, j) + lane];
      else if (sum > 0) a[element(i, i) + lane] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}

/** L → L⁻¹ in place, column by column: the entries of L still needed stand to the right of the column. */
function invert(l: Float64Array, channels: number, lane: number): void {
  for (let i = 0; i < channels; i++) {
    const pivot = 1 / l[element(i, i) + lane];
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= l[element(i, k) + lane] * l[element(k, j) + lane];
      l[element(i, j) + lane] = sum * pivot;
    }
    l[element(i, i) + lane] = pivot;
  }
}

function squaredDistances(
  factors: Float64Array,
  delta: Float64Array,
  channels: number,
  pictures: number,
  out: Float64Array,
): void {
  const row = new Float64Array(LANES);
  for (let b = 0; b < pictures; b++) {
    const total = out.subarray(b * LANES, (b + 1) * LANES).fill(0);
    for (let i = 0; i < channels; i++) {
      row.fill(0);
      for (let j = 0; j <= i; j++) {
        const at = element(i, j);
        const right = (b * channels + j) * LANES;
        for (let lane = 0; lane < LANES; lane++) row[lane] += factors[at + lane] * delta[right + lane];
      }
      for (let lane = 0; lane < LANES; lane++) total[lane] += row[lane] * row[lane];
    }
  }
}
