/**
 * From the means and inverse covariances of an Anomalib export to packed Gaussians. Anomalib's distance is
 * δᵀ·P·δ with P the inverse covariance; here it is ‖W·δ‖² with WᵀW = P and W lower triangular.
 * Source: Anomalib `MultiVariateGaussian`, buffers `mean` and `inv_covariance`.
 */
import { BlemishError } from "../../errors.js";
import { createArena } from "../../kernels/arena.js";
import { headKernels } from "../../kernels/head-kernels.js";
import { headPacker } from "./head-packer.js";
import { BLOCK_CELLS, blockCount, type FactorPrecision, type PackedGaussians } from "./packed-gaussians.js";
import { triangleRows } from "./tiles.js";

/** Gaussians as Anomalib stores them. */
export interface InverseGaussians {
  readonly channels: number;
  readonly cells: number;
  /** `[channels, cells]`. */
  readonly mean: Float32Array;
  /**
   * Bytes of float32 `[cells, channels, channels]`, symmetric but for rounding; the mean of both triangles is taken.
   * They may stand anywhere: in an export's file they are seldom aligned, and too many to be copied at once.
   */
  readonly inverseCovariance: Uint8Array;
}

/**
 * Factorises in float64, eight cells at a time, so that besides the result little memory is needed.
 * @throws MODEL_STATISTICS for numbers that are not finite and for matrices that are not positive definite; MEMORY.
 */
export function packInverse(gaussians: InverseGaussians, precision: FactorPrecision): PackedGaussians {
  const { channels, cells, mean, inverseCovariance } = gaussians;
  const wrong = mean.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw broken("mean", wrong % cells, "finite numbers");
  const packer = headPacker(channels, cells, precision);
  const size = triangleRows(channels) * BLOCK_CELLS;
  const arena = createArena(8 * size);
  const kernels = headKernels(arena);
  const matrices = arena.float64(size);
  const factors = new Float64Array(size);
  const window = new Float32Array(BLOCK_CELLS * channels * channels);
  const windowBytes = new Uint8Array(window.buffer);
  for (let block = 0; block < blockCount(cells); block++) {
    const first = block * BLOCK_CELLS;
    packMeans(gaussians, block, packer.mean);
    const start = block * windowBytes.length;
    windowBytes.set(inverseCovariance.subarray(start, start + windowBytes.length));
    fillReversed(window, channels, first, cells, matrices);
    const bad = kernels.factorise(matrices, channels);
    if (bad >= 0) throw broken("inverse covariance", first + bad, "a positive definite matrix");
    turnBack(matrices, channels, factors);
    packer.add(factors);
  }
  return packer.finish();
}

function packMeans({ channels, cells, mean }: InverseGaussians, block: number, out: Float32Array): void {
  const first = block * BLOCK_CELLS;
  for (let d = 0; d < channels; d++) {
    const part = mean.subarray(d * cells + first, d * cells + Math.min(first + BLOCK_CELLS, cells));
    out.set(part, (block * channels + d) * BLOCK_CELLS);
  }
}

/**
 * The eight matrices of the window `[8, channels, channels]`, that of cell `first` first, with rows and columns in
 * reverse order: their Cholesky factor L, turned back, is the W that is looked for. Lanes behind the last cell get the
 * unit matrix.
 */
function fillReversed(
  window: Float32Array,
  channels: number,
  first: number,
  cells: number,
  matrices: Float64Array,
): void {
  for (let lane = 0; lane < BLOCK_CELLS; lane++) {
    const cell = first + lane;
    const start = lane * channels * channels;
    // Stays 0 but for infinities and NaN: one test instead of thousands.
    let finite = 0;
    for (let i = 0, at = lane; i < channels; i++) {
      const row = channels - 1 - i;
      for (let j = 0; j <= i; j++, at += BLOCK_CELLS) {
        const column = channels - 1 - j;
        const upper = start + row * channels + column;
        const lower = start + column * channels + row;
        const value = cell < cells ? (window[upper] + window[lower]) / 2 : Number(i === j);
        matrices[at] = value;
        finite += value * 0;
      }
    }
    if (finite !== 0) throw broken("inverse covariance", cell, "finite numbers");
  }
}

/** W[i, j] = L[n−1−j, n−1−i] for all lanes. */
function turnBack(reversed: Float64Array, channels: number, out: Float64Array): void {
  for (let i = 0, at = 0; i < channels; i++) {
    for (let j = 0; j <= i; j++, at += BLOCK_CELLS) {
      const from = (triangleRows(channels - 1 - j) + channels - 1 - i) * BLOCK_CELLS;
      for (let lane = 0; lane < BLOCK_CELLS; lane++) out[at + lane] = reversed[from + lane];
    }
  }
}

function broken(what: string, cell: number, expected: string): BlemishError {
  return new BlemishError("MODEL_STATISTICS", {
    subject: `The ${what} of grid cell ${cell} in the export`,
    expected,
    found: "others",
  });
}
