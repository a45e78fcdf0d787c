/**
 * The seam between plain arithmetic and fast arithmetic. Both implementations do the same operations in the same
 * order, so they give the same bytes: `plain-kernels.ts` says what is computed, `wasm-kernels.ts` does it fast, on as
 * many threads as it is given: every tile is worked on by itself, so their number does not change a byte.
 *
 * Layout. Grid cells stand in lanes: a tile is `LANES` neighbouring cells, and every quantity of the cells is stored
 * `[tiles, ..., LANES]`, so that one vector instruction works on several cells at once.
 */

/** Cells in a tile. */
export const LANES = 64;

/** Pictures that are worked on together: each block reads and writes the large sums only once. */
export const BLOCK = 16;

/** Embeddings of a few pictures where the kernels can read them. */
export interface PictureBlock {
  /** From `float32`: pictures `[channels, stride]`, of which the first `pictures` count; 0 behind the last cell. */
  readonly block: Float32Array;
  /** Numbers from one picture to the next. */
  readonly picture: number;
  /** Cells rounded up to whole tiles. */
  readonly stride: number;
  readonly channels: number;
  /** At most `BLOCK`. */
  readonly pictures: number;
}

/** Inner loops over the tiles of a grid. Arrays handed in must come from this object's own `float64` and `float32`. */
export interface Kernels {
  /** A zeroed array that the kernels can work on; it lives as long as this object. */
  float64(length: number): Float64Array;
  float32(length: number): Float32Array;

  /** Whether all numbers are finite. @param values a multiple of four of them. */
  allFinite(values: Float32Array): boolean;

  /**
   * Adds pictures to sums, picture after picture: with δ = x − pilot, `sum += δ` and `scatter[i ≥ j] += δ[i] · δ[j]`.
   * @param pilot `[tiles, D, LANES]`.
   * @param sum `[tiles, D, LANES]`, changed in place.
   * @param scatter packed lower triangles `[tiles, D(D+1)/2, LANES]`, changed in place.
   */
  addPictures(pictures: PictureBlock, pilot: Float64Array, sum: Float64Array, scatter: Float64Array): void;

  /**
   * The scatter around the mean: `out = scatter − sum·sumᵀ / count`.
   * @param sum `[tiles, D, LANES]`.
   * @param scatter `[tiles, D(D+1)/2, LANES]`.
   * @param out as `scatter`, which it may be.
   */
  centreScatter(
    sum: Float64Array,
    scatter: Float64Array,
    channels: number,
    count: number,
    out: Float64Array,
  ): void;

  /**
   * Replaces packed symmetric matrices by the whitening factors W = inverse(cholesky(A)) of
   * A = matrix / divisor + ridge · I.
   * @param matrices `[tiles, D(D+1)/2, LANES]`, changed in place.
   * @param divisors `[tiles, LANES]`; so are the ridges.
   * @returns the first cell whose A is not positive definite, or −1.
   */
  whiten(matrices: Float64Array, channels: number, divisors: Float64Array, ridges: Float64Array): number;

  /**
   * Squared lengths ‖W·(x − mean)‖².
   * @param mean `[tiles, D, LANES]`.
   * @param factors `[tiles, D(D+1)/2, LANES]`.
   * @param out `[tiles, pictures, LANES]`, overwritten.
   */
  squaredDistances(
    pictures: PictureBlock,
    mean: Float64Array,
    factors: Float64Array,
    out: Float64Array,
  ): void;

  /**
   * Inner products of all pairs of pictures, ⟨W·(x_p − mean), W·(x_q − mean)⟩ for p ≥ q.
   * @param out packed by rows, `[tiles, P(P+1)/2, LANES]` for P pictures, overwritten.
   */
  innerProducts(pictures: PictureBlock, mean: Float64Array, factors: Float64Array, out: Float64Array): void;
}
