/** The heads of a model file in an arena: a picture's embedding in, distances out. */
import { detectorsOf } from "../bundle/detectors-of.js";
import type { DetectorManifest, ModelManifest } from "../bundle/manifest.js";
import type { ModelFile, StoredHead } from "../bundle/model-file.js";
import type { Arena } from "../kernels/arena.js";
import {
  distanceWork,
  distanceWorkBytes,
  packedDistanceBytes,
  packedDistances,
  type SharePart,
} from "../stages/padim/packed-distances.js";
import { placedGaussianBytes, placeGaussians } from "../stages/padim/place-gaussians.js";
import { bankBytes, type PatchBank } from "../stages/patchcore/patch-bank.js";
import {
  type PatchDistances,
  patchDistanceBytes,
  patchDistances,
} from "../stages/patchcore/patch-distances.js";
import { placeBank } from "../stages/patchcore/place-bank.js";
import { reweightedScore, reweightedScoreBytes } from "../stages/patchcore/reweighted-score.js";

/** A head that is ready to judge. */
export interface PlacedHead {
  /** `[channels, cells]`: where a picture's embedding is put. */
  readonly embedding: Float32Array;
  /** Distances of that embedding, float32 `[cells]`, ≥ 0; overwritten by the next call. */
  distances(): Float32Array;
  /** The head's own image score of the embedding that `distances` was asked of last; absent where the map has the score. */
  score?(): number;
}

/**
 * Puts a model's heads into an arena, or uses them in place where their arrays are in the arena's memory.
 * @param share who does the parts of the first PaDiM's distances, see `helperWork`.
 * @returns one for each detector, in their order.
 * @throws MEMORY.
 */
export function placeHeads(
  { manifest, detectors: stored }: ModelFile,
  arena: Arena,
  share?: SharePart,
): PlacedHead[] {
  const detectors = detectorsOf(manifest);
  const shared = sharedDetector(manifest);
  const placed: PlacedHead[] = [];
  // What threads have in common stands first, so that each finds it at the same place.
  const order = Array.from(detectors.keys()).sort((a, b) => Number(b === shared) - Number(a === shared));
  for (const i of order)
    placed[i] = placeHead(stored[i].head, detectors[i], arena, i === shared ? share : undefined);
  return placed;
}

/** Puts one head into an arena, see `placeHeads`. @throws MEMORY. */
export function placeHead(
  head: StoredHead,
  { grid, head: manifest }: DetectorManifest,
  arena: Arena,
  share?: SharePart,
): PlacedHead {
  if (head.kind === "padim") return packedDistances(placeGaussians(head.gaussians, arena), arena, share);
  const bank = placeBank(head.bank, arena);
  const search = patchDistances(bank, grid.width * grid.height, arena);
  const neighbours = neighboursOf(manifest);
  return neighbours === null ? search : weighed(search, bank, neighbours, arena);
}

/** With Anomalib's image score, which looks at the bank once more. */
function weighed(search: PatchDistances, bank: PatchBank, neighbours: number, arena: Arena): PlacedHead {
  const { embedding } = search;
  const weigh = reweightedScore(bank, neighbours, arena);
  let distances: Float32Array = new Float32Array(0);
  return {
    embedding,
    distances() {
      distances = search.distances();
      return distances;
    },
    score: () => weigh({ embedding, distances, nearest: search.nearest() }),
  };
}

function neighboursOf(head: DetectorManifest["head"]): number | null {
  return head.kind === "patchcore" ? (head.neighbours ?? null) : null;
}

/** The detector whose work threads can share: the first PaDiM; -1 where there is none. */
function sharedDetector(manifest: ModelManifest): number {
  return detectorsOf(manifest).findIndex(({ head }) => head.kind === "padim");
}

/**
 * What another thread does for a model: parts of its first PaDiM's distances; nothing where there is none.
 * @param model all of it in the memory that the threads share.
 * @param arena over the detectors' part of that memory.
 * @param scratch for this thread alone, with room for `helperBytes(model.manifest)`.
 */
export function helperWork(model: ModelFile, arena: Arena, scratch: Arena): (part: number) => void {
  const head = model.detectors[sharedDetector(model.manifest)]?.head;
  return head?.kind === "padim" ? distanceWork(head.gaussians, arena, scratch) : () => {};
}

/** Bytes of shared memory that `helperWork` takes for itself. */
export function helperBytes(manifest: ModelManifest): number {
  const shared = detectorsOf(manifest)[sharedDetector(manifest)];
  return distanceWorkBytes(shared?.channels ?? 1);
}

/** Bytes of an arena that a head works in, its own arrays not included. */
export function headWorkBytes({ head, channels, grid }: DetectorManifest): number {
  const cells = grid.width * grid.height;
  if (head.kind === "padim") return packedDistanceBytes(channels, cells);
  // Only whether there are scales decides.
  const scale = head.precision === "int8" ? new Float32Array(0) : null;
  const bank = { rows: head.rows, channels, scale };
  const weighing = neighboursOf(head) === null ? 0 : reweightedScoreBytes(bank);
  return patchDistanceBytes(bank, cells) + weighing;
}

/** Bytes of a head's arrays in an arena. */
export function headArrayBytes(head: StoredHead): number {
  if (head.kind === "padim") return placedGaussianBytes(head.gaussians);
  return bankBytes(head.bank);
}
