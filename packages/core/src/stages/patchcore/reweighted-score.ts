/**
 * Anomalib's image score of a memory bank: the largest distance of a patch, times one minus the softmax weight of its
 * nearest row among that row's neighbours. A patch near to a row that lies apart from the others counts for less than one near
 * to a row of a crowd. Sources: PatchCore (arXiv 2106.08265, equations 6 and 7); Anomalib 0.5 to 2.7
 * `PatchcoreModel.compute_anomaly_score`.
 */
import { ALIGNMENT, type Arena } from "../../kernels/arena.js";
import type { Bank } from "../../kernels/memory-bank.js";
import { neighbourKernels } from "../../kernels/neighbour-kernels.js";
import { preparedNeighbourBytes } from "../../kernels/wasm-neighbour-kernels.js";
import { NO_ROWS, partOfBank, type RowRange } from "./patch-bank.js";

/** The patches of a picture and what was found for them. */
export interface SearchedPatches {
  /** `[channels, cells]`. */
  readonly embedding: Float32Array;
  /** Distances to the nearest rows `[cells]`. */
  readonly distances: Float32Array;
  /** Which rows these are `[cells]`. */
  readonly nearest: Int32Array;
}

/**
 * The score of a picture, in the units of the distances: float32, ≥ 0; ∞ when a patch is not finite.
 * @param without rows that are no neighbours: those of a training picture itself, which its patches were not compared with
 *   either. The score then is that of the bank without them, to the last bit. Default: none.
 */
export type WeighPatches = (patches: SearchedPatches, without?: RowRange) => number;

/** Bytes that `reweightedScore` takes of its arena, the bank not included, which is prepared (`PatchDistances.bank`). */
export function reweightedScoreBytes(bank: Pick<Bank, "channels" | "scale">): number {
  return 4 * (bank.channels + 2 * 16) + 3 * ALIGNMENT + preparedNeighbourBytes(bank, 1);
}

/**
 * Prepares the score for one bank.
 * @param bank prepared; compiled kernels work on it when its arrays are in the arena's memory.
 * @param neighbours that weigh the score, 1–9, fewer where the bank has fewer rows; 1 = the largest distance as it is, and
 *   so with a bank of one row (of which Anomalib makes 0).
 */
export function reweightedScore(bank: Bank, neighbours: number, arena: Arena): WeighPatches {
  const { channels, rows } = bank;
  const row = arena.float32(channels);
  const search = neighbourSearch(bank, Math.min(neighbours, rows), row, arena);
  return ({ embedding, distances: all, nearest }, without = NO_ROWS) => {
    const cell = highestOf(all);
    const highest = all[cell];
    const own = nearest[cell];
    const count = Math.min(neighbours, rows - (without.end - without.start));
    if (count === 1 || own < 0 || !Number.isFinite(highest)) return highest;
    readRow(bank, own, row);
    const distances = Float32Array.from(search(count, without), (near) => {
      readRow(bank, near, row);
      return distanceAt(embedding, cell, all.length, row);
    });
    return Math.fround(neighbourWeight(distances) * highest);
  };
}

/** The rows nearest to what stands in `row`, the nearest first; of equally near ones the lower. */
function neighbourSearch(bank: Bank, most: number, row: Float32Array, arena: Arena) {
  // Parts of the bank are searched, too: room for the whole from the beginning.
  const kernels = neighbourKernels(arena, preparedNeighbourBytes(bank, 1) - ALIGNMENT);
  const found = { index: arena.int32(most), squared: arena.float32(most) };
  return (count: number, { start, end }: RowRange): number[] => {
    const parts =
      start === end
        ? [[0, bank.rows]]
        : [
            [0, start],
            [end, bank.rows],
          ];
    const candidates: { index: number; squared: number }[] = [];
    for (const [from, to] of parts) {
      if (from === to) continue;
      const own = Math.min(count, to - from);
      kernels.nearest(partOfBank(bank, from, to), row, 1, own, found);
      for (let k = 0; k < own; k++)
        candidates.push({ index: from + found.index[k], squared: found.squared[k] });
    }
    // Stable, so that of equally near ones the lower stays first.
    candidates.sort((a, b) => a.squared - b.squared);
    return candidates.slice(0, count).map(({ index }) => index);
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
