/** A memory bank that knows where its rows come from: the patches of good pictures that others are compared with. */
import { ALIGNMENT } from "../../kernels/arena.js";
import {
  type Bank,
  MOST_NEIGHBOURS,
  type PreparedRows,
  quantiseBank,
  squaredLengths,
} from "../../kernels/memory-bank.js";

/** The most neighbours that weigh an image score (`reweighted-score.ts`): Anomalib's default. */
export const MOST_SCORE_NEIGHBOURS = MOST_NEIGHBOURS;

/** How rows are stored: as they are, or in int8 with one scale for each row. */
export type BankPrecision = "float32" | "int8";

/** Stands for the picture and the place of a row where nobody knows them. */
export const UNKNOWN_SOURCE = -1;

/** Rows in the order of their pictures, then of their places: a picture's own rows are one stretch. */
export interface PatchBank extends Bank {
  /** `[rows]`: the training picture of each row, ascending; {@link UNKNOWN_SOURCE} for all, where Anomalib trained. */
  readonly picture: Int32Array;
  /** `[rows]`: its place in that picture's grid, row-major; {@link UNKNOWN_SOURCE} for all, where Anomalib trained. */
  readonly cell: Int32Array;
}

/** Whether the pictures are known that the rows are from. */
export function knowsSources({ picture }: Pick<PatchBank, "picture">): boolean {
  return picture[0] !== UNKNOWN_SOURCE;
}

/** How the rows of a bank are stored. */
export function bankPrecision({ scale }: Pick<Bank, "scale">): BankPrecision {
  return scale === null ? "float32" : "int8";
}

/** Bytes that a copy of a bank takes in an arena (`placeBank`). */
export function bankBytes({ data, scale, norms }: Bank): number {
  return data.byteLength + norms.byteLength + (scale?.byteLength ?? 0) + 3 * ALIGNMENT;
}

/**
 * A bank of patches, sorted.
 * @param rows `[rows, channels]` in any order; not changed.
 * @param picture `[rows]`, training picture of each row, ≥ 0.
 * @param cell `[rows]`, its place in the grid.
 */
export function makePatchBank(
  rows: Float32Array,
  channels: number,
  picture: Int32Array,
  cell: Int32Array,
  precision: BankPrecision,
): PatchBank {
  const order = Int32Array.from(picture.keys()).sort(
    (a, b) => picture[a] - picture[b] || cell[a] - cell[b] || a - b,
  );
  const sorted = new Float32Array(order.length * channels);
  order.forEach((from, to) => {
    sorted.set(rows.subarray(from * channels, (from + 1) * channels), to * channels);
  });
  return {
    ...bankOf(sorted, order.length, channels, precision),
    picture: order.map((from) => picture[from]),
    cell: order.map((from) => cell[from]),
  };
}

function bankOf(data: Float32Array, rows: number, channels: number, precision: BankPrecision): Bank {
  if (precision === "int8") return quantiseBank(rows, channels, data);
  const bank = { rows, channels, data, scale: null };
  return { ...bank, norms: squaredLengths(bank) };
}

/** A stretch of a bank's rows: from `start` to before `end`. */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

/** No rows at all. */
export const NO_ROWS: RowRange = { start: 0, end: 0 };

/** The rows of a picture; none for one that gave no row to the bank. */
export function rowsOfPicture({ picture }: Pick<PatchBank, "picture">, number: number): RowRange {
  return { start: firstRow(picture, number), end: firstRow(picture, number + 1) };
}

/** The first row of a picture or a later one; the number of rows where there is none. */
function firstRow(pictures: Int32Array, picture: number): number {
  let [low, high] = [0, pictures.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pictures[middle] < picture) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The rows from `start` to `end`, on the same memory. */
export function partOfBank(
  { rows, channels, data, scale, norms, prepared }: Bank,
  start: number,
  end: number,
): Bank {
  return {
    rows: end - start,
    channels,
    data: data.subarray(start * channels, end * channels),
    scale: scale === null ? null : scale.subarray(start, end),
    norms: norms.subarray(start, end),
    ...(prepared && { prepared: partOfRows(prepared, rows, start, end) }),
  };
}

function partOfRows(
  { wide, tails, step }: PreparedRows,
  rows: number,
  start: number,
  end: number,
): PreparedRows {
  const width = wide === null ? 0 : wide.length / rows;
  const part = wide === null ? null : wide.subarray(start * width, end * width);
  return { wide: part, tails: tails.subarray(start), step };
}
