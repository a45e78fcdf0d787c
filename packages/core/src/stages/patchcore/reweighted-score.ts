/**
 * Anomalib's image score of a memory bank: the largest distance of a patch, times one minus the softmax weight of its
 * nearest row among that row's neighbours. A patch near to a row that lies apart from the others counts for less than one near
 * to a row of a crowd. Sources: PatchCore (arXiv 2106.08265, equations 6 and 7); Anomalib 0.5 to 2.7
 * `PatchcoreModel.compute_anomaly_score`.
 */
import { ALIGNMENT, type Arena } from "../../kernels/arena.js";
import type { Bank } from "../../kernels/memory-bank.js";
import { neighbourKernels } from "../../kernels/neighbour-kernels.js";
import { neighbourBytes } from "../../kernels/wasm-neighbour-kernels.js";

/** The patches of a picture and what was found for them. */
export interface SearchedPatches {
  /** `[channels, cells]`. */
  readonly embedding: Float32Array;
  /** Distances to the nearest rows `[cells]`. */
  readonly distances: Float32Array;
  /** Which rows these are `[cells]`. */
  readonly nearest: Int32Array;
}

/** Bytes that `reweightedScore` takes of its arena, the bank not included. */
export function reweightedScoreBytes(bank: Pick<Bank, "rows" | "channels" | "scale">): number {
  return 4 * (bank.channels + 2 * 16) + 3 * ALIGNMENT + neighbourBytes(bank, 1);
}

/**
 * Prepares the score for one bank. The returned function gives the score of one picture, in the units of the distances:
 * float32, ≥ 0; ∞ when a patch is not finite.
 * @param bank compiled kernels work on it when its arrays are in the arena's memory.
 * @param neighbours that weigh the score, 1–9, fewer where the bank has fewer rows; 1 = the largest distance as it is, and
 *   so with a bank of one row (of which Anomalib makes 0).
 */
export function reweightedScore(
  bank: Bank,
  neighbours: number,
  arena: Arena,
): (patches: SearchedPatches) => number {
  const kernels = neighbourKernels(arena);
  const { channels } = bank;
  const count = Math.min(neighbours, bank.rows);
  const row = arena.float32(channels);
  const found = { index: arena.int32(count), squared: arena.float32(count) };
  const distances = new Float32Array(count);
  return ({ embedding, distances: all, nearest }) => {
    const cell = highestOf(all);
    const highest = all[cell];
    const own = nearest[cell];
    if (count === 1 || own < 0 || !Number.isFinite(highest)) return highest;
    readRow(bank, own, row);
    kernels.nearest(bank, row, 1, count, found);
    const cells = all.length;
    for (let k = 0; k < count; k++) {
      readRow(bank, found.index[k], row);
      distances[k] = distanceAt(embedding, cell, cells, row);
    }
    return Math.fround(neighbourWeight(distances) * highest);
  };
}

/**
 * One minus the first share of a softmax over distances, float32 as Anomalib's exports compute it.
 * @param distances of a patch to its nearest row, first, and to that row's neighbours.
 */
export function neighbourWeight(distances: Float32Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < distances.length; k++) most = Math.max(most, distances[k]);
  const first = Math.fround(Math.exp(Math.fround(distances[0] - most)));
  let sum = 0;
  for (let k = 0; k < distances.length; k++)
    sum = Math.fround(sum + Math.fround(Math.exp(Math.fround(distances[k] - most))));
  return Math.fround(1 - Math.fround(first / sum));
}

/** Index of the largest value, the first of equal ones. */
function highestOf(values: Float32Array): number {
  let highest = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[highest]) highest = i;
  return highest;
}

function readRow({ channels, data, scale }: Bank, row: number, out: Float32Array): void {
  const start = row * channels;
  const factor = scale === null ? 1 : scale[row];
  for (let d = 0; d < channels; d++) out[d] = data[start + d] * factor;
}

function distanceAt(embedding: Float32Array, cell: number, cells: number, row: Float32Array): number {
  let sum = 0;
  for (let d = 0; d < row.length; d++) {
    const x = embedding[d * cells + cell] - row[d];
    sum += x * x;
  }
  return Math.sqrt(sum);
}
