/**
 * Leave-one-out distances of one Gaussian for all places. A picture's vectors are many, so nothing is gained by Woodbury's identity:
 * its own scatter is taken from the whole, which is factorised anew for each picture. With M vectors, k of the picture, s = Σ δ:
 *   μ' = μ − s / (M − k),   S' = S − Σ δδᵀ − s·sᵀ / (M − k),   Σ' = S' / (M − k − 1) + ridge · I.
 */
import { LANES } from "../../kernels/kernels.js";
import { cholesky, packedLength } from "../../linalg/cholesky.js";
import type { Moments } from "./moments.js";
import type { PooledScatter } from "./tiles.js";

/**
 * Distances, float32 `[cells]`, of a training picture's embedding from the statistics of the others.
 * @param pooled of `poolScatter` with `all`: what cell 0 has, all have.
 */
export function sharedDistances(
  { channels, cells }: Pick<Moments, "channels" | "cells">,
  { mean, scatter, vectors }: PooledScatter,
  ridge: number,
): (embedding: Float32Array) => Float32Array {
  const middle = Float64Array.from({ length: channels }, (_, d) => mean[d * LANES]!);
  const whole = Float64Array.from({ length: packedLength(channels) }, (_, at) => scatter[at * LANES]!);
  const rest = vectors[0]! - cells;
  const deviations = new Float64Array(channels * cells);
  const row = (d: number) => deviations.subarray(d * cells, (d + 1) * cells);
  return (embedding) => {
    for (let d = 0, at = 0; d < channels; d++)
      for (let cell = 0; cell < cells; cell++, at++) deviations[at] = embedding[at]! - middle[d]!;
    const sums = Float64Array.from(middle, (_, d) => row(d).reduce((sum, value) => sum + value, 0));
    const covariance = new Float64Array(whole.length);
    for (let i = 0, at = 0; i < channels; i++)
      for (let j = 0; j <= i; j++, at++) {
        const without = whole[at]! - dot(row(i), row(j)) - (sums[i]! * sums[j]!) / rest;
        covariance[at] = without / (rest - 1) + (i === j ? ridge : 0);
      }
    for (let d = 0; d < channels; d++) {
      const own = row(d);
      for (let cell = 0; cell < cells; cell++) own[cell]! += sums[d]! / rest;
    }
    return lengths(cholesky(covariance, channels), channels, cells, row);
  };
}

/** ‖L⁻¹·y‖ of every cell, y in the rows, which are overwritten. */
function lengths(
  factor: Float64Array,
  channels: number,
  cells: number,
  row: (d: number) => Float64Array,
): Float32Array {
  const squared = new Float64Array(cells);
  for (let i = 0; i < channels; i++) {
    const own = row(i);
    for (let j = 0; j < i; j++) subtractScaled(own, row(j), factor[packedLength(i) + j]!);
    const pivot = factor[packedLength(i) + i]!;
    for (let cell = 0; cell < cells; cell++) {
      const value = own[cell]! / pivot;
      own[cell] = value;
      squared[cell]! += value * value;
    }
  }
  return Float32Array.from(squared, Math.sqrt);
}

function subtractScaled(from: Float64Array, values: Float64Array, factor: number): void {
  for (let i = 0; i < from.length; i++) from[i]! -= factor * values[i]!;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
