/**
 * From moments to a Gaussian for every grid cell: mean and whitening factor W, so that the distance of an embedding
 * is ‖W·(x − μ)‖. Σ = scatter / (M − 1) + ridge · I, M the number of vectors that a cell's statistics rest on.
 * Source: PaDiM (arXiv 2011.08785); Anomalib 0.7 `MultiVariateGaussian` (ridge 0.01, divisor N − 1).
 */
import { BlemishError } from "../../errors.js";
import { LANES } from "../../kernels/kernels.js";
import type { Pool } from "./cell-grid.js";
import type { MomentAccumulator } from "./moments.js";
import { pooledBytes, poolScatter } from "./pooled-scatter.js";
import { scorerBytes, tileOf, triangleRows } from "./tiles.js";

/** What is added to the diagonal: a fixed number (Anomalib: 0.01), or a multiple of the mean variance. */
export type Ridge = { readonly absolute: number } | { readonly relative: number };

/** How moments become Gaussians. */
export interface GaussianOptions {
  readonly ridge: Ridge;
  /** Grid width in cells. */
  readonly width: number;
  /** Places on the grid of the cells that take part, ascending. Absent = all. */
  readonly places?: Int32Array;
  readonly pool: Pool;
}

/** One Gaussian per cell; arrays are tiled float64. */
export interface Gaussians {
  readonly channels: number;
  readonly cells: number;
  readonly width: number;
  readonly pool: Pool;
  /** Pictures that it was fitted on. */
  readonly count: number;
  /** What was added to the diagonal of every covariance, in squared feature units. */
  readonly ridge: number;
  /** Rows = channels. */
  readonly mean: Float64Array;
  /** Whitening factors, rows = packed lower triangle. */
  readonly factor: Float64Array;
}

/** Bytes that Gaussians take in the kernels' memory, the room of a scorer for them included. */
export function gaussianBytes(channels: number, cells: number): number {
  return pooledBytes(channels, cells) + scorerBytes(channels, cells);
}

/**
 * Fits the Gaussians; their arrays come from the accumulator's memory.
 * @throws MODEL_STATISTICS with fewer than two pictures, or when a covariance is not positive definite.
 */
export function fitGaussians(moments: MomentAccumulator, options: GaussianOptions): Gaussians {
  const { channels, cells, count, kernels } = moments;
  if (count < 2) throw tooFew(count);
  // Everything is summed relative to the first picture, so equal pictures leave exact zeros.
  if (moments.scatter.every((value) => value === 0)) throw allTheSame();
  const { mean, scatter: factor, vectors } = poolScatter(moments, options, options.pool);
  const ridge = ridgeOf(options.ridge, factor, vectors, channels, cells);
  const divisors = kernels.float64(vectors.length);
  divisors.set(vectors.map((value) => value - 1));
  const ridges = kernels.float64(vectors.length).fill(ridge);
  const failed = kernels.whiten(factor, channels, divisors, ridges);
  if (failed >= 0) throw notPositive(options.places?.[failed] ?? failed, options.width);
  return { channels, cells, width: options.width, pool: options.pool, count, ridge, mean, factor };
}

function ridgeOf(
  ridge: Ridge,
  scatter: Float64Array,
  vectors: Float64Array,
  channels: number,
  cells: number,
): number {
  if ("absolute" in ridge) return ridge.absolute;
  let sum = 0;
  for (let cell = 0; cell < cells; cell++) {
    const tile = tileOf(scatter, Math.floor(cell / LANES), triangleRows(channels));
    const lane = cell % LANES;
    for (let i = 0; i < channels; i++)
      sum += tile[(triangleRows(i) + i) * LANES + lane] / (vectors[cell] - 1);
  }
  const variance = sum / (cells * channels);
  return ridge.relative * variance;
}

/** Pictures without any variance say nothing of what good parts look like. */
export function allTheSame(): BlemishError {
  return new BlemishError("MODEL_STATISTICS", {
    subject: "The set of training pictures",
    expected: "pictures that differ at least by noise",
    found: "pictures that are all the same",
  });
}

/** For fewer than two pictures. */
export function tooFew(count: number): BlemishError {
  return new BlemishError("MODEL_STATISTICS", {
    subject: "The set of training pictures",
    expected: "at least 2 pictures of good parts",
    found: `${count}`,
  });
}

function notPositive(cell: number, width: number): BlemishError {
  return new BlemishError("MODEL_STATISTICS", {
    subject: `The covariance of grid cell (${cell % width}, ${Math.floor(cell / width)})`,
    expected: "a positive definite matrix",
    found: "one that is not",
  });
}
