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
  readonly linkedGroups: Int16Array;
  readonly order: Int16Array;
  readonly factor: Float32Array | Int16Array | Int8Array;
  readonly scale: Float32Array | null;
  /** All cells have the Gaussian of the one block that there is. Absent = each has its own. */
  readonly shared?: boolean;
}

/** The block whose numbers a block of cells has. */
export function storedBlock({ shared }: Pick<PackedFactors, "shared">, block: number): number {
  return shared === true ? 0 : block;
}

/** Entries that the factor of a block with so many linked groups has for each cell: a triangle, and a diagonal behind it. */
export function blockEntries(channels: number, linkedGroups: number): number {
  return 8 * linkedGroups * (linkedGroups + 1) + Math.max(0, channels - GROUP_ROWS * linkedGroups);
}

/** Whether a block's factor is a triangle and nothing more, its channels in their own order. */
export function isWhole(channels: number, linkedGroups: number): boolean {
  return GROUP_ROWS * linkedGroups >= channels;
}

/** Where a block begins in the arrays whose blocks differ in size, in elements. */
export interface BlockPlace {
  readonly factor: number;
  readonly order: number;
}

/** Where a block begins; for the number of blocks, where the last one ends. */
export function blockPlace(
  { channels, linkedGroups }: Pick<PackedFactors, "channels" | "linkedGroups">,
  block: number,
): BlockPlace {
  let place: BlockPlace = { factor: 0, order: 0 };
  for (let before = 0; before < block; before++) place = nextPlace(channels, linkedGroups[before], place);
  return place;
}

/** Where the block behind one with so many linked groups begins. */
export function nextPlace(channels: number, linkedGroups: number, { factor, order }: BlockPlace): BlockPlace {
  return {
    factor: factor + blockEntries(channels, linkedGroups) * BLOCK_CELLS,
    order: isWhole(channels, linkedGroups) ? order : order + channels * BLOCK_CELLS,
  };
}

/** Inner loops over blocks of cells. */
export interface HeadKernels {
  /**
   * Squared Mahalanobis distances ‖W·(x − μ)‖², float32 arithmetic.
   * @param embedding float32 `[channels, cells]`, as networks give it.
   * @param out `[cells]`, overwritten: ≥ 0, unitless; not finite in cells where the embedding is not.
   * @param from the first block of eight cells that is worked on; only the results of these blocks are written.
   * @param to the block to stop before; without it, all from `from` on.
   */
  squaredDistances(
    head: PackedFactors,
    embedding: Float32Array,
    out: Float32Array,
    from?: number,
    to?: number,
  ): void;

  /**
   * Replaces eight symmetric matrices by their Cholesky factors: A becomes L with L·Lᵀ = A, float64 arithmetic.
   * @param matrices packed lower triangles `[channels(channels+1)/2, 8]`, changed in place.
   * @returns the first of the eight that is not positive definite, or −1. When one is not, the others are unfinished.
   */
  factorise(matrices: Float64Array, channels: number): number;
}
