/**
 * One Gaussian for all places, as PaDiM without its places: for textures and for parts that lie differently in every picture.
 * Its covariance is Σ = S / (M − 1) + ridge · I of all M vectors of all pictures.
 */
import { cholesky, invertLower, packedLength } from "../../linalg/cholesky.js";
import { allTheSame, type Ridge, tooFew } from "./gaussian.js";
import { headPacker } from "./head-packer.js";
import { BLOCK_CELLS, type FactorPrecision, type PackedGaussians } from "./packed-gaussians.js";
import { type SharedMoments, sumsOfAll, type VectorSums } from "./shared-moments.js";

/** Mean `[channels]` and whitening factor, a packed lower triangle: the distance of x is ‖W·(x − μ)‖. */
export interface Gaussian {
  readonly mean: Float64Array;
  readonly factor: Float64Array;
}

/** The Gaussian of all cells of a grid. */
export interface SharedGaussian extends Gaussian {
  readonly channels: number;
  readonly cells: number;
  /** Pictures that it was fitted on. */
  readonly count: number;
  /** What was added to the covariance's diagonal, in squared feature units. */
  readonly ridge: number;
}

/**
 * Fits the Gaussian.
 * @throws MODEL_STATISTICS with fewer than two pictures, for pictures that are all the same, or when the covariance is not
 *   positive definite.
 */
export function fitShared(moments: SharedMoments, wanted: Ridge): SharedGaussian {
  const { channels, cells, count } = moments;
  if (count < 2) throw tooFew(count);
  if (!moments.differ) throw allTheSame();
  const sums = sumsOfAll(moments);
  const ridge = "absolute" in wanted ? wanted.absolute : wanted.relative * meanVariance(sums, channels);
  return { channels, cells, count, ridge, ...gaussianOf(sums, moments.pilot, ridge) };
}

/** @param pilot `[channels, LANES]`, equal in all lanes. @throws MODEL_STATISTICS. */
export function gaussianOf(sums: VectorSums, pilot: Float64Array, ridge: number): Gaussian {
  const channels = sums.sum.length;
  const lanes = pilot.length / channels;
  const covariance = covarianceOf(sums);
  for (let i = 0; i < channels; i++) covariance[packedLength(i) + i] += ridge;
  return {
    mean: sums.sum.map((sum, d) => pilot[d * lanes] + sum / sums.vectors),
    factor: invertLower(cholesky(covariance, channels), channels),
  };
}

/** The Gaussian as all cells of a block: no cell has more than what they share. */
export function packShared(
  { channels, cells, mean, factor }: SharedGaussian,
  precision: FactorPrecision,
): PackedGaussians {
  const packer = headPacker(channels, BLOCK_CELLS, precision);
  packer.mean.set(inAllLanes(mean, BLOCK_CELLS));
  packer.add(inAllLanes(factor, BLOCK_CELLS));
  return { ...packer.finish(), cells, shared: true };
}

/** `[rows, lanes]` of equal lanes. */
function inAllLanes(rows: Float64Array, lanes: number): Float64Array {
  const out = new Float64Array(rows.length * lanes);
  fillLanes(out, rows, lanes);
  return out;
}

/** Writes rows into all lanes of `[rows, lanes]`. */
export function fillLanes(out: Float64Array, rows: Float64Array, lanes: number): void {
  for (let row = 0; row < rows.length; row++) out.fill(rows[row], row * lanes, (row + 1) * lanes);
}

function meanVariance(sums: VectorSums, channels: number): number {
  const covariance = covarianceOf(sums);
  let trace = 0;
  for (let i = 0; i < channels; i++) trace += covariance[packedLength(i) + i];
  return trace / channels;
}

function covarianceOf({ vectors, sum, scatter }: VectorSums): Float64Array {
  const covariance = new Float64Array(scatter.length);
  for (let i = 0, at = 0; i < sum.length; i++)
    for (let j = 0; j <= i; j++, at++)
      covariance[at] = (scatter[at] - (sum[i] * sum[j]) / vectors) / (vectors - 1);
  return covariance;
}
