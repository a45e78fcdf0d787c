/**
 * The seam between plain and fast loops over maps of float32 values: smoothing, and what the image score asks of a map.
 * Both implementations do the same operations in the same order and round each to float32, so they give the same bytes:
 * `plain-map-kernels.ts` says what is computed, `wasm-map-kernels.ts` does it fast.
 */

/**
 * A matrix `[to, from]` whose rows hold short runs of numbers. Four neighbouring rows have their runs in the same columns
 * and are stored side by side, which suits vectors of four. Rows that make the groups even in number hold zeros.
 */
export interface BandMatrix {
  readonly from: number;
  readonly to: number;
  /** First column of the runs of each four rows `[groups]`; `first + band ≤ from`. The number of groups is even. */
  readonly first: Int32Array;
  /** Length of the runs, padded with zeros. */
  readonly band: number;
  /** `[groups, band, 4]`: rows of a group lie side by side. */
  readonly weights: Float32Array;
}

/** Rows of a matrix with those that pad it: a multiple of eight. */
export function paddedRows(to: number): number {
  return 8 * Math.ceil(to / 8);
}

/** Loops over whole maps. */
export interface MapKernels {
  /**
   * A · S · Bᵀ: along the rows first, tap after tap in ascending order from 0.
   * @param grid S, `[rows.from, columns.from]`.
   * @param wide scratch of `rows.from · paddedRows(columns.to)` values, overwritten.
   * @param out `[paddedRows(rows.to), paddedRows(columns.to)]`, overwritten; zero outside of `[rows.to, columns.to]`
   *   where all numbers are finite.
   */
  smooth(
    grid: Float32Array,
    rows: BandMatrix,
    columns: BandMatrix,
    wide: Float32Array,
    out: Float32Array,
  ): void;

  /** The largest value; −∞ of none. NaN counts as nothing, −0 as 0. */
  maximum(values: Float32Array): number;

  /** How many values are at least `floor` (a float32 number). */
  countAtLeast(values: Float32Array, floor: number): number;

  /** Copies the values that are at least `floor` in their order to the beginning of `out`, which must hold them. */
  collectAtLeast(values: Float32Array, floor: number, out: Float32Array): void;
}
