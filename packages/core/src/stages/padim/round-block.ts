/** Rounds whitening factors of eight cells to the numbers that are stored. */
import { BLOCK_CELLS, type FactorPrecision } from "./packed-gaussians.js";

/** Numbers of a precision. */
export type StoredEntries = Float32Array | Int16Array | Int8Array;

const LARGEST = { int16: 32767, int8: 127 } as const;

/** Zeros to be filled. */
export function storedEntries(precision: FactorPrecision, length: number): StoredEntries {
  if (precision === "float32") return new Float32Array(length);
  return precision === "int16" ? new Int16Array(length) : new Int8Array(length);
}

/**
 * Rounds the factors of one block; lanes behind the last cell are left alone.
 * @param triangles packed lower triangles `[channels(channels+1)/2, 8]`.
 * @param lanes cells that the block has, 1 to 8.
 * @param out the same triangles as they are stored, `storedEntries` of the precision.
 * @param scales `[≥ channels, 8]`: written where the precision is one of integers, else null.
 */
export function roundBlock(
  triangles: Float64Array,
  channels: number,
  lanes: number,
  precision: FactorPrecision,
  out: StoredEntries,
  scales: Float32Array | null,
): void {
  if (precision === "float32" || scales === null) {
    for (let from = 0; from < out.length; from += BLOCK_CELLS)
      for (let lane = 0; lane < lanes; lane++) out[from + lane] = triangles[from + lane];
    return;
  }
  findScales(triangles, channels, lanes, LARGEST[precision], scales);
  // Steps for each unit of a column's entries.
  const steps = new Float64Array(channels * BLOCK_CELLS);
  for (let at = 0; at < steps.length; at++) steps[at] = 1 / scales[at];
  for (let i = 0, from = 0; i < channels; i++)
    for (let j = 0; j <= i; j++, from += BLOCK_CELLS)
      // Math.round of all but the one number right below 0.5, in half the time: that branches on the fraction.
      for (let lane = 0, column = j * BLOCK_CELLS; lane < lanes; lane++)
        out[from + lane] = Math.floor(triangles[from + lane] * steps[column + lane] + 0.5);
}

/** The scale of every column: its largest entry becomes `most`. */
function findScales(
  triangles: Float64Array,
  channels: number,
  lanes: number,
  most: number,
  scales: Float32Array,
): void {
  const largest = new Float64Array(channels * BLOCK_CELLS);
  for (let i = 0, from = 0; i < channels; i++)
    for (let j = 0; j <= i; j++, from += BLOCK_CELLS)
      for (let lane = 0, column = j * BLOCK_CELLS; lane < lanes; lane++) {
        const entry = Math.abs(triangles[from + lane]);
        if (entry > largest[column + lane]) largest[column + lane] = entry;
      }
  // A touch larger, so that rounding to float32 cannot make the largest entry more than `most`.
  for (let at = 0; at < largest.length; at++) scales[at] = (largest[at] / most) * (1 + 2 ** -23);
}
