/** A memory bank that knows where its rows come from: the patches of good pictures that others are compared with. */
import { ALIGNMENT } from "../../kernels/arena.js";
import { type Bank, quantiseBank, squaredLengths } from "../../kernels/memory-bank.js";

/** How rows are stored: as they are, or in int8 with one scale for each row. */
export type BankPrecision = "float32" | "int8";

/** Rows in the order of their pictures, then of their places: a picture's own rows are one stretch. */
export interface PatchBank extends Bank {
  /** `[rows]`: the training picture of each row, ascending. */
  readonly picture: Int32Array;
  /** `[rows]`: its place in that picture's grid, row-major. */
  readonly cell: Int32Array;
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

/** The rows from `start` to `end`, on the same memory. */
export function partOfBank({ channels, data, scale, norms }: Bank, start: number, end: number): Bank {
  return {
    rows: end - start,
    channels,
    data: data.subarray(start * channels, end * channels),
    scale: scale === null ? null : scale.subarray(start, end),
    norms: norms.subarray(start, end),
  };
}
