/** Mahalanobis distances of pictures from packed Gaussians, in an arena: nothing is allocated for a picture. */
import { ALIGNMENT, type Arena } from "../../kernels/arena.js";
import { type HeadKernels, headKernels } from "../../kernels/head-kernels.js";
import { oneAfterTheOther, type SharePart } from "../../kernels/share-part.js";
import { headKernelBytes } from "../../kernels/wasm-head-kernels.js";
import { BLOCK_CELLS, blockCount, type PackedGaussians } from "./packed-gaussians.js";

/** Scores one embedding after the other against one model. */
export interface PackedDistances {
  /** `[channels, cells]`: where a picture's embedding is put. */
  readonly embedding: Float32Array;
  /** The distances ‖W·(x − μ)‖ of that embedding, float32 `[cells]`, unitless, ≥ 0; overwritten by the next call. */
  distances(): Float32Array;
}

/** Bytes that `packedDistances` takes of its arena, the Gaussians not included. */
export function packedDistanceBytes(channels: number, cells: number): number {
  return 4 * (channels + 1) * cells + 2 * ALIGNMENT + headKernelBytes(channels);
}

/** Blocks of cells in a part of the work: a tenth of a millisecond for a hundred channels. */
const PART_BLOCKS = 16;

/**
 * A scorer in an arena.
 * @param head compiled kernels work on it when its arrays are in the arena's memory, in whatever part (`placeGaussians`).
 * @param share who does the parts: this thread, or others as well with `distanceWork`. The bytes are the same.
 * @param places that the others know.
 * @throws MEMORY when the arena has less than `packedDistanceBytes` left.
 */
export function packedDistances(
  head: PackedGaussians,
  arena: Arena,
  share: SharePart = oneAfterTheOther,
  places: DistancePlaces = distancePlaces(head, arena),
): PackedDistances {
  const work = workOn(head, places, headKernels(arena));
  const parts = Math.ceil(blockCount(head.cells) / PART_BLOCKS);
  return {
    embedding: places.embedding,
    distances() {
      share(parts, work);
      return places.out;
    },
  };
}

/**
 * The same work for another thread: part by part, on the embedding of `packedDistances` and into its distances.
 * @param head with all its arrays in the memory.
 * @param places of the scorer's.
 * @param scratch for this thread alone, with room for `distanceWorkBytes`.
 */
export function distanceWork(
  head: PackedGaussians,
  places: DistancePlaces,
  scratch: Arena,
): (part: number) => void {
  return workOn(head, places, headKernels(scratch));
}

/** Bytes that `distanceWork` takes of its scratch. */
export function distanceWorkBytes(channels: number): number {
  return headKernelBytes(channels) + ALIGNMENT;
}

/** What threads have in common. */
export interface DistancePlaces {
  readonly embedding: Float32Array;
  readonly out: Float32Array;
}

/** Takes the places from an arena; nothing is read or written there. */
export function distancePlaces({ channels, cells }: PackedGaussians, arena: Arena): DistancePlaces {
  return { embedding: arena.float32(channels * cells), out: arena.float32(cells) };
}

function workOn(head: PackedGaussians, { embedding, out }: DistancePlaces, kernels: HeadKernels) {
  return (part: number): void => {
    const from = part * PART_BLOCKS;
    const to = Math.min(from + PART_BLOCKS, blockCount(head.cells));
    kernels.squaredDistances(head, embedding, out, from, to);
    const end = Math.min(to * BLOCK_CELLS, out.length);
    for (let cell = from * BLOCK_CELLS; cell < end; cell++) out[cell] = Math.sqrt(out[cell]);
  };
}
