/**
 * The seam between plain arithmetic and fast arithmetic. Both implementations do the same operations in the same
 * order, so they give the same bytes: `plain-kernels.ts` says what is computed, `wasm-kernels.ts` does it fast.
 *
 * Layout. Grid cells stand in lanes: a tile is `LANES` neighbouring cells, and every quantity of a tile is stored
 * `[..., LANES]`, so that one vector instruction works on several cells at once.
 */

/** Cells in a tile. */
export const LANES = 64;

/** Inner loops over tiles. Arrays handed in must come from this object's own `float64`. */
export interface Kernels {
  /** A zeroed array that the kernels can work on; it lives as long as this object. */
  float64(length: number): Float64Array;

  /**
   * Adds the outer products of a block of pictures: `scatter[i ≥ j] += Σ_b δ_b[i] · δ_b[j]`, picture after picture.
   * @param scatter packed lower triangles `[D(D+1)/2, LANES]`, changed in place.
   * @param delta `[pictures, D, LANES]`.
   */
  addOuterProducts(scatter: Float64Array, delta: Float64Array, channels: number, pictures: number): void;

  /**
   * Replaces packed symmetric matrices by their whitening factors W = inverse(cholesky(A)).
   * @param matrices `[D(D+1)/2, LANES]`, changed in place.
   * @returns the first lane whose matrix is not positive definite, or −1.
   */
  whiten(matrices: Float64Array, channels: number): number;

  /**
   * Squared lengths ‖W·δ‖² for a block of vectors.
   * @param factors `[D(D+1)/2, LANES]`.
   * @param delta `[pictures, D, LANES]`.
   * @param out `[pictures, LANES]`, overwritten.
   */
  squaredDistances(
    factors: Float64Array,
    delta: Float64Array,
    channels: number,
    pictures: number,
    out: Float64Array,
  ): void;
}
