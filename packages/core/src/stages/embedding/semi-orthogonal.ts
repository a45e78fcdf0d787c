/** A fixed projection for backbones with many channels: orthonormal rows, drawn once from a seed. */
import type { Random } from "../../random.js";

/**
 * `rows` orthonormal vectors of length `columns`, `[rows, columns]` row-major: Gaussian vectors made orthonormal one
 * after the other (Gram–Schmidt, twice for accuracy). The same seed gives the same numbers.
 */
export function semiOrthogonal(rows: number, columns: number, random: Random): Float32Array {
  const basis: Float64Array[] = [];
  for (let row = 0; row < rows; row++) {
    const vector = Float64Array.from({ length: columns }, () => random.normal());
    for (let pass = 0; pass < 2; pass++) for (const other of basis) subtractProjection(vector, other);
    const length = Math.sqrt(dot(vector, vector));
    basis.push(vector.map((value) => value / length));
  }
  const out = new Float32Array(rows * columns);
  basis.forEach((vector, row) => {
    out.set(vector, row * columns);
  });
  return out;
}

function subtractProjection(vector: Float64Array, unit: Float64Array): void {
  const share = dot(vector, unit);
  for (let i = 0; i < vector.length; i++) vector[i] -= share * unit[i];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
