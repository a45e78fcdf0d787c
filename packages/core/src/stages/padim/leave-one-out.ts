/**
 * The distance map that each training picture would get from a model fitted on all the others, in closed form:
 * all good pictures train the model *and* calibrate its threshold honestly.
 *
 * Let S be a cell's centred scatter over M vectors, of which the picture gives k (k = 1, or its 3 × 3 neighbours when
 * moments are pooled): δ_r = x_r − μ, mean δ̄. Without them
 *   μ' = μ − k/(M−k) · δ̄,   S' = S − Δ·Δᵀ,   Δ = [δ_1 … δ_k, k/√(M−k) · δ̄],
 * and with A = S + (M−k−1)·ridge·I the squared distance of y = x − μ' follows from Woodbury's identity:
 *   d² = (M−k−1) · ( yᵀA⁻¹y + (ΔᵀA⁻¹y)ᵀ (I − ΔᵀA⁻¹Δ)⁻¹ (ΔᵀA⁻¹y) ).
 * All of it follows from the inner products δ_rᵀA⁻¹δ_s. For k = 1 it is (N−2)·c²·q / (1 − c·q) with q = δᵀA⁻¹δ,
 * c = N/(N−1). The ridge itself is kept as fitted.
 */
import { BlemishError } from "../../errors.js";
import { BLOCK, LANES } from "../../kernels/kernels.js";
import { packedLength, solvePositive } from "../../linalg/cholesky.js";
import { type CellGrid, neighbourOf, type Offset, poolOffsets } from "./cell-grid.js";
import type { GaussianOptions, Gaussians } from "./gaussian.js";
import { squaredDistances } from "./mahalanobis.js";
import type { MomentAccumulator } from "./moments.js";
import { pooledBytes, poolScatter } from "./pooled-scatter.js";
import { cellBase, type PooledScatter, pictureBlock, stagePicture, tileCount } from "./tiles.js";

/** Gives the leave-one-out distance maps of pictures that took part in the fit, a few pictures at a time. */
export interface LeaveOneOutScorer {
  /**
   * Takes a training picture's embedding, float32 `[channels, cells]`, exactly as it was added.
   * @returns distances, float32 `[cells]`, of all pictures taken and not yet given back, in order; most often none.
   */
  take(embedding: Float32Array): Float32Array[];
  /** The distances of the last pictures. */
  rest(): Float32Array[];
}

/** Bytes that a scorer takes in the kernels' memory. */
export function leaveOneOutBytes(channels: number, cells: number): number {
  return pooledBytes(channels, cells) + 8 * LANES * tileCount(cells) * packedLength(9) + 4096;
}

/**
 * Prepares leave-one-out scoring: one more factorisation per cell, no refit. The accumulator's room for waiting
 * pictures is used.
 * @param model what `fitGaussians` gave for the same moments and options.
 * @throws MODEL_STATISTICS with fewer than three pictures.
 */
export function leaveOneOutScorer(
  moments: MomentAccumulator,
  model: Gaussians,
  options: GaussianOptions,
): LeaveOneOutScorer {
  const { channels, count, kernels } = moments;
  if (count < 3) throw tooFewToCalibrate(count);
  const pooled = poolScatter(moments, options, options.pool);
  const divisors = kernels.float64(pooled.vectors.length).fill(1);
  const ridges = kernels.float64(pooled.vectors.length);
  ridges.set(pooled.vectors.map((m) => Math.max(m - m / count - 1, 1) * model.ridge));
  kernels.whiten(pooled.scatter, channels, divisors, ridges);
  return options.pool === 1 ? singleScorer(moments, pooled) : pooledScorer(moments, pooled, options);
}

function singleScorer(
  { cells, count: n, staged, kernels }: MomentAccumulator,
  { mean, scatter: factor }: PooledScatter,
): LeaveOneOutScorer {
  const lanes = kernels.float64(tileCount(cells) * BLOCK * LANES);
  const squared = Array.from({ length: BLOCK }, () => new Float64Array(cells));
  const c = n / (n - 1);
  let waiting = 0;
  const scorer: LeaveOneOutScorer = {
    take(embedding) {
      stagePicture(staged, waiting++, embedding);
      return waiting === BLOCK ? scorer.rest() : [];
    },
    rest() {
      const used = squared.slice(0, waiting);
      squaredDistances({ cells, mean, factor }, staged, waiting, lanes, used, kernels);
      waiting = 0;
      const leftOut = (q: number) => Math.sqrt(((n - 2) * c * c * q) / remaining(1 - c * q));
      return used.map((values) => Float32Array.from(values, leftOut));
    },
  };
  return scorer;
}

function pooledScorer(
  moments: MomentAccumulator,
  { mean, scatter: factor, vectors }: PooledScatter,
  grid: CellGrid,
): LeaveOneOutScorer {
  const { cells, staged, kernels } = moments;
  const offsets = poolOffsets(3);
  const pairs = packedLength(offsets.length);
  const products = kernels.float64(tileCount(cells) * pairs * LANES);
  const nextTo = neighbourOf(grid, cells);
  const near = Array.from({ length: cells }, (_, cell) =>
    offsets.flatMap((offset, o) => (nextTo(cell, offset) >= 0 ? [o] : [])),
  );
  const move = grid.places === undefined ? shifter(grid.width) : gatherer(nextTo, cells);
  const distances = (embedding: Float32Array) => {
    // Of a shifted embedding every cell with that neighbour holds its vector; the others are not looked at.
    offsets.forEach((offset, o) => {
      stagePicture(staged, o, move(embedding, offset));
    });
    const out = new Float32Array(cells);
    kernels.innerProducts(pictureBlock(staged, offsets.length), mean, factor, products);
    return out.map((_, cell) =>
      Math.sqrt(withoutPicture(products, cellBase(cell, pairs), near[cell], vectors[cell])),
    );
  };
  return atOnce(distances);
}

/** A scorer that keeps no picture waiting. */
function atOnce(distances: (embedding: Float32Array) => Float32Array): LeaveOneOutScorer {
  return { take: (embedding) => [distances(embedding)], rest: () => [] };
}

/** Brings every cell's neighbour to the cell's own place. */
type Move = (embedding: Float32Array, to: Offset) => Float32Array;

/** On a grid of which all cells take part. */
function shifter(width: number): Move {
  return (embedding, { right, down }) => shifted(embedding, down * width + right);
}

/** On a grid of which some cells take part; 0 where there is no neighbour. */
function gatherer(nextTo: (cell: number, to: Offset) => number, cells: number): Move {
  return (embedding, offset) => {
    const from = Int32Array.from({ length: cells }, (_, cell) => nextTo(cell, offset));
    const out = new Float32Array(embedding.length);
    for (let start = 0; start < out.length; start += cells)
      for (let cell = 0; cell < cells; cell++)
        if (from[cell] >= 0) out[start + cell] = embedding[start + from[cell]];
    return out;
  };
}

/** `out[i] = values[i + by]`, 0 where there is none. */
function shifted(values: Float32Array, by: number): Float32Array {
  const out = new Float32Array(values.length);
  out.set(
    values.subarray(Math.max(0, by), Math.max(0, values.length + by)),
    Math.min(values.length, Math.max(0, -by)),
  );
  return out;
}

/** The middle one of the 3 × 3 neighbours: the cell itself. */
const OWN = 4;

/**
 * d² of the picture's own vector from the statistics without the picture's vectors.
 * @param products ⟨v_p, v_q⟩ of the nine whitened vectors, packed, from `base` on.
 * @param near which of the nine there are.
 * @param m number of vectors that the statistics rest on.
 */
function withoutPicture(products: Float64Array, base: number, near: readonly number[], m: number): number {
  const k = near.length;
  const product = (p: number, q: number) =>
    products[base + (packedLength(Math.max(p, q)) + Math.min(p, q)) * LANES];
  // Of every vector with the sum s of all: Δ = [v_1 … v_k, s / √(M−k)], y = v + s / (M−k).
  const withSum = near.map((p) => near.reduce((sum, q) => sum + product(p, q), 0));
  const sumSquared = withSum.reduce((sum, value) => sum + value, 0);
  const g = new Float64Array(packedLength(k + 1));
  let at = 0;
  for (let r = 0; r < k; r++)
    for (let s = 0; s <= r; s++) g[at++] = (r === s ? 1 : 0) - product(near[r], near[s]);
  for (let s = 0; s < k; s++) g[at++] = -withSum[s] / Math.sqrt(m - k);
  g[at] = 1 - sumSquared / (m - k);
  const own = near.indexOf(OWN);
  const b = new Float64Array(k + 1);
  for (let r = 0; r < k; r++) b[r] = product(near[r], OWN) + withSum[r] / (m - k);
  b[k] = (withSum[own] + sumSquared / (m - k)) / Math.sqrt(m - k);
  const squared = product(OWN, OWN) + (2 * withSum[own]) / (m - k) + sumSquared / (m - k) ** 2;
  return (m - k - 1) * (squared + dot(b, solvePositive(g, b)));
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

/** For fewer than three pictures. */
export function tooFewToCalibrate(count: number): BlemishError {
  return new BlemishError("MODEL_STATISTICS", {
    subject: "The set of training pictures",
    expected: "at least 3 pictures of good parts to calibrate with",
    found: `${count}`,
  });
}
