/** The heads of a model file in an arena: a picture's embedding in, distances out. */
import { cellCount } from "../bundle/cell-count.js";
import { detectorsOf } from "../bundle/detectors-of.js";
import type { DetectorManifest, ModelManifest } from "../bundle/manifest.js";
import type { ModelFile, StoredHead } from "../bundle/model-file.js";
import type { Arena } from "../kernels/arena.js";
import type { SharePart } from "../kernels/share-part.js";
import {
  type DistancePlaces,
  distancePlaces,
  distanceWork,
  distanceWorkBytes,
  packedDistanceBytes,
  packedDistances,
} from "../stages/padim/packed-distances.js";
import type { PackedGaussians } from "../stages/padim/packed-gaussians.js";
import { placedGaussianBytes, placeGaussians } from "../stages/padim/place-gaussians.js";
import { type BankPrecision, bankBytes } from "../stages/patchcore/patch-bank.js";
import {
  type PatchDistances,
  patchDistanceBytes,
  patchDistances,
  type SearchPlaces,
  searchPlaces,
  searchWork,
  searchWorkBytes,
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

/** Has the parts of a head's distances done by any number of threads. @param head which of the model's. */
export type ShareHead = (head: number, parts: number, work: (part: number) => void) => void;

/**
 * Puts a model's heads into an arena, or uses them in place where their arrays are in the arena's memory.
 * @param share who does the parts of the distances, see `helperWork`. Default: this thread.
 * @returns one for each detector, in their order.
 * @throws MEMORY.
 */
export function placeHeads(model: ModelFile, arena: Arena, share?: ShareHead): PlacedHead[] {
  const detectors = detectorsOf(model.manifest);
  return commonParts(model, arena).map((common, i) =>
    finishHead(common, detectors[i], arena, share && ((parts, work) => share(i, parts, work))),
  );
}

/** Puts one head into an arena, see `placeHeads`. @throws MEMORY. */
export function placeHead(head: StoredHead, manifest: DetectorManifest, arena: Arena): PlacedHead {
  return finishHead(commonPart(head, manifest, arena), manifest, arena, undefined);
}

/** What threads have in common of a head. */
type CommonPart =
  | { readonly kind: "padim"; readonly gaussians: PackedGaussians; readonly places: DistancePlaces }
  | { readonly kind: "patchcore"; readonly places: SearchPlaces };

/** All heads' common parts stand first in the arena, so that each thread finds them at the same place. */
function commonParts({ manifest, detectors }: ModelFile, arena: Arena): CommonPart[] {
  return detectorsOf(manifest).map((detector, i) => commonPart(detectors[i].head, detector, arena));
}

function commonPart(head: StoredHead, detector: DetectorManifest, arena: Arena): CommonPart {
  if (head.kind === "padim") {
    const gaussians = placeGaussians(head.gaussians, arena);
    return { kind: "padim", gaussians, places: distancePlaces(gaussians, arena) };
  }
  const bank = placeBank(head.bank, arena);
  return { kind: "patchcore", places: searchPlaces(bank, cellCount(detector), arena) };
}

function finishHead(
  common: CommonPart,
  detector: DetectorManifest,
  arena: Arena,
  share: SharePart | undefined,
): PlacedHead {
  if (common.kind === "padim") return packedDistances(common.gaussians, arena, share, common.places);
  const { places } = common;
  const search = patchDistances(places.bank, cellCount(detector), arena, share, places);
  const neighbours = neighboursOf(detector.head);
  return neighbours === null ? search : weighed(search, neighbours, arena);
}

/** With Anomalib's image score, which looks at the bank once more. */
function weighed(search: PatchDistances, neighbours: number, arena: Arena): PlacedHead {
  const { bank, embedding } = search;
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

/**
 * What another thread does for a model: parts of its heads' distances.
 * @param model all of it in the memory that the threads share.
 * @param arena over the detectors' part of that memory.
 * @param scratch for this thread alone, with room for `helperBytes(model.manifest)`.
 */
export function helperWork(
  model: ModelFile,
  arena: Arena,
  scratch: Arena,
): (head: number, part: number) => void {
  const works = commonParts(model, arena).map((common) =>
    common.kind === "padim"
      ? distanceWork(common.gaussians, common.places, scratch)
      : searchWork(common.places, scratch),
  );
  return (head, part) => works[head](part);
}

/** Bytes of shared memory that `helperWork` takes for itself. */
export function helperBytes(manifest: ModelManifest): number {
  return detectorsOf(manifest).reduce(
    (sum, { head, channels }) =>
      sum +
      (head.kind === "padim"
        ? distanceWorkBytes(channels)
        : searchWorkBytes({ channels, scale: scaleOf(head.precision) })),
    0,
  );
}

/** Bytes of an arena that a head works in, its own arrays not included. */
export function headWorkBytes(detector: DetectorManifest): number {
  const { head, channels } = detector;
  const cells = cellCount(detector);
  if (head.kind === "padim") return packedDistanceBytes(channels, cells);
  const bank = { rows: head.rows, channels, scale: scaleOf(head.precision) };
  const weighing = neighboursOf(head) === null ? 0 : reweightedScoreBytes(bank);
  return patchDistanceBytes(bank, cells) + weighing;
}

/** For the sizes of rooms only whether there are scales decides. */
function scaleOf(precision: BankPrecision): Float32Array | null {
  return precision === "int8" ? new Float32Array(0) : null;
}

/** Bytes of a head's arrays in an arena. */
export function headArrayBytes(head: StoredHead): number {
  if (head.kind === "padim") return placedGaussianBytes(head.gaussians);
  return bankBytes(head.bank);
}
