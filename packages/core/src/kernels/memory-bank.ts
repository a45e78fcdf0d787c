/**
 * A memory bank and what is asked of it: nearest rows, and the update of a greedy selection. `plain-neighbour-kernels.ts`
 * says what is computed, `wasm-neighbour-kernels.ts` does the same operations in the same order, so the same bytes,
 * many times faster.
 */

/** The most neighbours that can be asked for: what Anomalib's re-weighted score takes. */
export const MOST_NEIGHBOURS = 9;

/** The largest whole number that a patch is quantised to, less where sums of so many channels would overflow. */
export function largestWhole(channels: number): number {
  return Math.min(32_767, Math.floor((2 ** 31 - 1) / (127 * channels)));
}

/** Points in a block of {@link PackedPoints}. */
export const POINT_BLOCK = 8;

/** Vectors that patches are compared with. */
export interface Bank {
  readonly rows: number;
  readonly channels: number;
  /** `[rows, channels]`. */
  readonly data: Float32Array | Int8Array;
  /** For int8: an entry is value · scale of its row. Null for float32. */
  readonly scale: Float32Array | null;
  /** Squared length of each row as it is stored, see {@link squaredLengths}. */
  readonly norms: Float32Array;
  /** What compiled kernels need to know of the rows beside; without it every search finds it out anew. */
  readonly prepared?: PreparedRows;
}

/** Made by `prepareRows` of `wasm-neighbour-kernels.ts`, for a bank that is searched many times. */
export interface PreparedRows {
  /** Rows of an int8 bank in int16, each filled up with 0 to an even number; null for float32. */
  readonly wide: Int16Array | null;
  /** Bounds of the rows: those of each check stand `step` behind those of the one before. */
  readonly tails: Float32Array;
  readonly step: number;
}

/** The nearest rows of patches, the nearest first; of equally near ones the lower index. */
export interface Neighbours {
  /** `[k, cells]`; −1 where the bank has fewer rows, and for patches that are not finite. */
  readonly index: Int32Array;
  /** Squared Euclidean distances `[k, cells]`, ∞ where the index is −1. */
  readonly squared: Float32Array;
}

/** A stretch of patches: from `from` to before `to`. */
export interface CellRange {
  readonly from: number;
  readonly to: number;
}

/** Points in blocks of eight, side by side. */
export interface PackedPoints {
  readonly count: number;
  readonly channels: number;
  /** `[⌈count / 8⌉, channels, 8]`, filled up with 0. */
  readonly data: Float32Array;
}

/** Inner loops over a memory bank. */
export interface NeighbourKernels {
  /**
   * Finds the `k` nearest rows of every patch, 1 ≤ k ≤ {@link MOST_NEIGHBOURS}.
   *
   * Which rows are nearest is decided by |b|² − 2·p·b in float32, with an int8 bank for p in 16-bit integers: rows whose
   * squared distances differ by less than about 1e-6 (1e-4) of the squared lengths may change places. The distances told
   * are computed from the differences, so they are exact to about 1e-6.
   * @param patches float32 `[channels, cells]`.
   * @param out overwritten, where the range says. What its index held before may make a search of one row quicker and
   *   changes nothing: of pictures in turn, the rows that were nearest to the one before.
   * @param range the patches that are asked for. Default: all.
   */
  nearest(
    bank: Bank,
    patches: Float32Array,
    cells: number,
    k: number,
    out: Neighbours,
    range?: CellRange,
  ): void;

  /**
   * A step of greedy selection: `distances[i] = min(distances[i], |point_i − centre|²)`.
   * @param centre `[channels]`.
   * @param distances `[⌈count / 8⌉ · 8]`, changed in place; points that do not count (those past the last always) hold
   *   less than 0 and keep it.
   * @returns the farthest point, of equally far ones the lowest; 0 when none counts.
   */
  shorten(points: PackedPoints, centre: Float32Array, distances: Float32Array): number;
}

/** Squared lengths of a bank's rows, summed in float32. */
export function squaredLengths({ rows, channels, data, scale }: Omit<Bank, "norms">): Float32Array {
  const out = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let d = 0; d < channels; d++) {
      const value = Math.fround(data[row * channels + d] * (scale === null ? 1 : scale[row]));
      sum = Math.fround(sum + Math.fround(value * value));
    }
    out[row] = sum;
  }
  return out;
}

/**
 * A float32 bank `[rows, channels]` in int8, one scale for each row: a third to a quarter of the memory, entries off by
 * at most half a step of 1/127 of their row's largest.
 */
export function quantiseBank(rows: number, channels: number, values: Float32Array): Bank {
  const data = new Int8Array(rows * channels);
  const scale = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const part = values.subarray(row * channels, (row + 1) * channels);
    let highest = 0;
    for (const value of part) highest = Math.max(highest, Math.abs(value));
    scale[row] = highest / 127;
    if (highest === 0) continue;
    for (let d = 0; d < channels; d++) data[row * channels + d] = Math.round((part[d] / highest) * 127);
  }
  const bank = { rows, channels, data, scale };
  return { ...bank, norms: squaredLengths(bank) };
}

/** Packs points `[count, channels]` for `shorten`. @param out `[⌈count / 8⌉, channels, 8]`, overwritten. */
export function packPoints(
  points: Float32Array,
  count: number,
  channels: number,
  out: Float32Array,
): PackedPoints {
  out.fill(0);
  for (let i = 0; i < count; i++) {
    const block = (i - (i % POINT_BLOCK)) * channels + (i % POINT_BLOCK);
    for (let d = 0; d < channels; d++) out[block + d * POINT_BLOCK] = points[i * channels + d];
  }
  return { count, channels, data: out };
}
