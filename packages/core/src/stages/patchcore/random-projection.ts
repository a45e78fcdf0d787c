/**
 * A random projection: distances stay nearly as they are while vectors become shorter (Johnson & Lindenstrauss 1984), so
 * that the greedy selection costs less. Source: PatchCore (arXiv 2106.08265) selects that way, too.
 */
import type { Random } from "../../random.js";

/** Dimensions that vectors are projected to. */
export const DIMENSIONS = 128;

/** Writes a vector's projection to `out[start + i · stride]`. */
export type Project = (vector: Float64Array, out: Float32Array, start: number, stride: number) => void;

/** How many numbers a projected vector has. */
export function projectedDimensions(channels: number): number {
  return Math.min(channels, DIMENSIONS);
}

/**
 * A projection that keeps squared distances in the mean. Vectors of no more than 128 channels stay as they are.
 * Sums are made in float64 in one fixed order, so the same seed gives the same bytes everywhere.
 */
export function randomProjection(channels: number, random: Random): Project {
  if (channels <= DIMENSIONS)
    return (vector, out, start, stride) => {
      for (let d = 0; d < channels; d++) out[start + d * stride] = vector[d];
    };
  const norm = 1 / Math.sqrt(DIMENSIONS);
  const matrix = Float64Array.from({ length: DIMENSIONS * channels }, () => random.normal() * norm);
  return (vector, out, start, stride) => project(matrix, vector, out, start, stride);
}

/** Four rows of the matrix side by side: a vector's number is read once for four sums that do not wait for each other. */
function project(
  matrix: Float64Array,
  vector: Float64Array,
  out: Float32Array,
  start: number,
  stride: number,
): void {
  const { length } = vector;
  for (let row = 0, at = 0; row < DIMENSIONS; row += 4) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let i = 0; i < length; i++, at += 4) {
      const value = vector[i];
      a += value * matrix[at];
      b += value * matrix[at + 1];
      c += value * matrix[at + 2];
      d += value * matrix[at + 3];
    }
    const to = start + row * stride;
    out[to] = a;
    out[to + stride] = b;
    out[to + 2 * stride] = c;
    out[to + 3 * stride] = d;
  }
}
