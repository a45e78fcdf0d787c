/**
 * Cholesky factors of small symmetric matrices, in float64, on packed lower triangles: row i holds i + 1 numbers,
 * element (i, j ≤ i) stands at i(i+1)/2 + j. Plain reference code; the vectorised kernels are compared with it.
 */
import { BlemishError } from "../errors.js";

/** Length of a packed lower triangle of an n × n matrix. */
export function packedLength(n: number): number {
  return (n * (n + 1)) / 2;
}

/**
 * The lower factor L with L·Lᵀ = A.
 * @param a packed lower triangle of a positive definite A `[n(n+1)/2]`; not changed.
 * @returns L, packed the same way.
 * @throws MODEL_STATISTICS when A is not positive definite, naming the pivot.
 */
export function cholesky(a: Float64Array, n: number): Float64Array {
  const l = new Float64Array(packedLength(n));
  for (let i = 0; i < n; i++) {
    const row = packedLength(i);
    for (let j = 0; j <= i; j++) {
      const other = packedLength(j);
      let sum = a[row + j];
      for (let k = 0; k < j; k++) sum -= l[row + k] * l[other + k];
      if (i !== j) l[row + j] = sum / l[other + j];
      else if (sum > 0) l[row + i] = Math.sqrt(sum);
      else throw notPositive(i, sum);
    }
  }
  return l;
}

/**
 * The inverse of a lower triangular matrix, packed like its input `[n(n+1)/2]`; not in place.
 * For L = chol(Σ) this is the whitening factor W: ‖W·δ‖² = δᵀΣ⁻¹δ.
 */
export function invertLower(l: Float64Array, n: number): Float64Array {
  const w = new Float64Array(packedLength(n));
  for (let j = 0; j < n; j++) {
    w[packedLength(j) + j] = 1 / l[packedLength(j) + j];
    for (let i = j + 1; i < n; i++) {
      const row = packedLength(i);
      let sum = 0;
      for (let k = j; k < i; k++) sum -= l[row + k] * w[packedLength(k) + j];
      w[row + j] = sum / l[row + i];
    }
  }
  return w;
}

/** W·v for a packed lower triangle W `[n(n+1)/2]` and a vector `[n]`, written to `out` `[n]`. */
export function multiplyLower(w: Float64Array, v: Float64Array, out: Float64Array): void {
  for (let i = 0, at = 0; i < v.length; i++) {
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += w[at++] * v[j];
    out[i] = sum;
  }
}

/**
 * Solves A·x = b for a small positive definite A given as packed lower triangle.
 * @throws MODEL_STATISTICS when A is not positive definite.
 */
export function solvePositive(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const l = cholesky(a, n);
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= l[packedLength(i) + k] * x[k];
    x[i] /= l[packedLength(i) + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= l[packedLength(k) + i] * x[k];
    x[i] /= l[packedLength(i) + i];
  }
  return x;
}

function notPositive(pivot: number, value: number): BlemishError {
  return new BlemishError("MODEL_STATISTICS", {
    subject: "The covariance of a grid cell",
    expected: "a positive definite matrix",
    found: `pivot ${pivot} is ${value}`,
  });
}
