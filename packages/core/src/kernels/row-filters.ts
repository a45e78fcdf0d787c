/**
 * The seam between plain and fast loops that undo the row filters of PNG: `plain-row-filters.ts` says what is computed,
 * `wasm-row-filters.ts` gives the same bytes fast. Nothing here knows of files or compression.
 */

/** A picture as PNG stores it once it is unpacked: in every row the number of its filter, then what the filter left. */
export interface FilteredRows {
  /** `[height, 1 + rowBytes]`. */
  readonly data: Uint8Array;
  readonly height: number;
  /** Bytes of a row of samples. */
  readonly rowBytes: number;
  /** Bytes of a pixel, 1 to 4: how far left the left neighbour is. */
  readonly pixelBytes: number;
}

/** Undoes row filters. */
export interface RowFilters {
  /**
   * The samples, as RFC 2083 section 6 says: filter 0 none, 1 left, 2 up, 3 mean, 4 Paeth; missing neighbours are 0.
   * @param out `[height, rowBytes]`, overwritten.
   * @returns false when a row names another filter; `out` is then of no use.
   */
  undo(rows: FilteredRows, out: Uint8Array): boolean;
}
