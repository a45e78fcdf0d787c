/**
 * The distance map that each training picture would get from a model fitted on all the others, in closed form:
 * all good pictures train the model *and* calibrate its threshold honestly.
 *
 * Let S be a cell's centred scatter over M vectors, of which the picture gives k (k = 1, or its 3 × 3 neighbours when
 * moments are pooled): δ_r = x_r − μ, mean δ̄. Without them
 *   μ' = μ − k/(M−k) · δ̄,   S' = S − Δ·Δᵀ,   Δ = [δ_1 … δ_k, k/√(M−k) · δ̄],
 * and with A = S + (M−k−1)·ridge·I the squared distance of y = x − μ' follows from Woodbury's identity:
 *   d² = (M−k−1) · ( yᵀA⁻¹y + (ΔᵀA⁻¹y)ᵀ (I − ΔᵀA⁻¹Δ)⁻¹ (ΔᵀA⁻¹y) ).
 * For k = 1 that is (N−2)·c²·q / (1 − c·q) with q = δᵀA⁻¹δ, c = N/(N−1). The ridge itself is kept as fitted.
 */
import { BlemishError } from "../../errors.js";
import { type Kernels, LANES } from "../../kernels/kernels.js";
import { packedLength, solvePositive } from "../../linalg/cholesky.js";
import type { GaussianOptions, Gaussians } from "./gaussian.js";
import { distanceScorer } from "./mahalanobis.js";
import type { Moments } from "./moments.js";
import { cellBase, neighbours, poolScatter } from "./pooled-scatter.js";
import { tileCount, tileOf, triangleRows } from "./tiles.js";

/** Gives the leave-one-out distance map of pictures that took part in the fit. */
export interface LeaveOneOutScorer {
  /**
   * @param embedding float32 `[channels, cells]` of a training picture, exactly as it was added.
   * @returns distances, float32 `[cells]`.
   */
  distances(embedding: Float32Array): Float32Array;
}

/**
 * Prepares leave-one-out scoring: one more factorisation per cell, no refit.
 * @param model what `fitGaussians` gave for the same moments and options.
 * @throws MODEL_STATISTICS with fewer than three pictures.
 */
export function leaveOneOutScorer(
  moments: Moments,
  model: Gaussians,
  options: GaussianOptions,
  kernels: Kernels,
): LeaveOneOutScorer {
  const { channels, cells, count } = moments;
  if (count < 3) throw tooFew(count);
  const tiles = tileCount(cells);
  const mean = kernels.float64(tiles * channels * LANES);
  const factor = kernels.float64(tiles * triangleRows(channels) * LANES);
  const vectors = poolScatter(moments, options.width, options.pool, mean, factor);
  for (let tile = 0; tile < tiles; tile++) {
    const part = tileOf(factor, tile, triangleRows(channels));
    for (let lane = 0; lane < LANES; lane++) {
      const m = vectors[tile * LANES + lane];
      const add = Math.max(m - m / count - 1, 1) * model.ridge;
      for (let i = 0; i < channels; i++) part[(packedLength(i) + i) * LANES + lane] += add;
    }
    kernels.whiten(part, channels);
  }
  const prepared = { ...model, mean, factor };
  return options.pool === 1 ? single(prepared, kernels) : pooled(prepared);
}

function single(model: Gaussians, kernels: Kernels): LeaveOneOutScorer {
  const scorer = distanceScorer(model, kernels);
  const n = model.count;
  const c = n / (n - 1);
  return {
    distances: (embedding) =>
      Float32Array.from(scorer.squared(embedding), (q) =>
        Math.sqrt(((n - 2) * c * c * q) / remaining(1 - c * q)),
      ),
  };
}

function pooled(model: Gaussians): LeaveOneOutScorer {
  const { channels, cells, width } = model;
  const factor = new Float64Array(packedLength(channels));
  return {
    distances(embedding) {
      const out = new Float32Array(cells);
      for (let cell = 0; cell < cells; cell++) {
        const base = cellBase(cell, triangleRows(channels));
        for (let i = 0; i < factor.length; i++) factor[i] = model.factor[base + i * LANES];
        const near = neighbours(cell, cells, width, 3);
        const whitened = near.map((other) => whitenedOffset(model, embedding, cell, other, factor));
        out[cell] = Math.sqrt(withoutPicture(whitened, near.indexOf(cell), near.length * model.count));
      }
      return out;
    },
  };
}

/** W·(x_other − μ_cell): float64 `[channels]`. */
function whitenedOffset(
  model: Gaussians,
  embedding: Float32Array,
  cell: number,
  other: number,
  factor: Float64Array,
): Float64Array {
  const { channels, cells, mean } = model;
  const base = cellBase(cell, channels);
  const delta = new Float64Array(channels);
  for (let d = 0; d < channels; d++) delta[d] = embedding[d * cells + other] - mean[base + d * LANES];
  const out = new Float64Array(channels);
  for (let i = 0, at = 0; i < channels; i++) {
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += factor[at++] * delta[j];
    out[i] = sum;
  }
  return out;
}

/** d² of the picture's own vector from the statistics without the picture's k whitened vectors. */
function withoutPicture(vectors: readonly Float64Array[], own: number, m: number): number {
  const k = vectors.length;
  const meanVector = new Float64Array(vectors[0].length);
  for (const vector of vectors) for (let i = 0; i < vector.length; i++) meanVector[i] += vector[i] / k;
  const removed = [...vectors, meanVector.map((value) => (value * k) / Math.sqrt(m - k))];
  const y = vectors[own].map((value, i) => value + (meanVector[i] * k) / (m - k));
  const g = new Float64Array(packedLength(k + 1));
  for (let i = 0, at = 0; i <= k; i++)
    for (let j = 0; j <= i; j++) g[at++] = (i === j ? 1 : 0) - dot(removed[i], removed[j]);
  const b = Float64Array.from(removed, (vector) => dot(vector, y));
  return (m - k - 1) * (dot(y, y) + dot(b, solvePositive(g, b)));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** 1 − c·q is positive by construction (the ridge); rounding must not make it zero or less. */
function remaining(value: number): number {
  return Math.max(value, 1e-12);
}

function tooFew(count: number): BlemishError {
  return new BlemishError("MODEL_STATISTICS", {
    subject: "The set of training pictures",
    expected: "at least 3 pictures of good parts to calibrate with",
    found: `${count}`,
  });
}
