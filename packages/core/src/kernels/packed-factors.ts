/**
 * What the head kernels work on, and the seam between plain and compiled ones. Both do the same operations in the same
 * order, so they give the same bytes: `plain-head-kernels.ts` says what is computed, `wasm-head-kernels.ts` does it fast.
 */

/** Cells in a block: two vectors of four floats. */
export const BLOCK_CELLS = 8;

/** Rows of a factor that are worked on together. */
export const GROUP_ROWS = 4;

/** The numbers of packed Gaussians; how they are laid out is said in `stages/padim/packed-gaussians.ts`. */
export interface PackedFactors {
  readonly channels: number;
  readonly cells: number;
  readonly mean: Float32Array;
  readonly factor: Float32Array | Int16Array | Int8Array;
  readonly scale: Float32Array | null;
}

/** Inner loops over blocks of cells. */
export interface HeadKernels {
  /**
   * Squared Mahalanobis distances ‖W·(x − μ)‖², float32 arithmetic.
   * @param embedding float32 `[channels, cells]`, as networks give it.
   * @param out `[cells]`, overwritten: ≥ 0, unitless; not finite in cells where the embedding is not.
   */
  squaredDistances(head: PackedFactors, embedding: Float32Array, out: Float32Array): void;

  /**
   * Replaces eight symmetric matrices by their Cholesky factors: A becomes L with L·Lᵀ = A, float64 arithmetic.
   * @param matrices packed lower triangles `[channels(channels+1)/2, 8]`, changed in place.
   * @returns the first of the eight that is not positive definite, or −1. When one is not, the others are unfinished.
   */
  factorise(matrices: Float64Array, channels: number): number;
}
