/**
 * Streaming moments of the vectors of all places together, in float64: one mean and one scatter, however large the grid is. They
 * stand in a single tile, whose lanes share out a picture's vectors: the kernels take 64 vectors for a picture of 64 cells.
 */
import { BLOCK, type Kernels, LANES } from "../../kernels/kernels.js";
import { packedLength } from "../../linalg/cholesky.js";
import { badEmbedding, goOn, type Moments } from "./moments.js";
import { createStaging, pictureBlock, type StagedPictures } from "./tiles.js";

/** An accumulator: the arrays of its moments have one tile, and `cells` are the vectors of a picture. */
export interface SharedMoments extends Moments {
  readonly kernels: Kernels;
  /** Room for some of a picture's vectors. */
  readonly staged: StagedPictures;
  /** Sum of the first picture's embedding; null before. */
  first: number | null;
  /** Whether some picture was not like the first. */
  differ: boolean;
}

/** Sums over vectors x: Σ (x − pilot), `[channels]`, and Σ (x − pilot)(x − pilot)ᵀ, a packed lower triangle. */
export interface VectorSums {
  readonly vectors: number;
  readonly sum: Float64Array;
  readonly scatter: Float64Array;
}

/** Numbers of the kernels' memory that the sums of a tile take: pilot, sum and scatter. */
export function momentNumbers(channels: number): number {
  return LANES * (2 * channels + packedLength(channels));
}

/** Empty moments for embeddings `[channels, cells]`; arrays come from the kernels' memory. */
export function createSharedMoments(channels: number, cells: number, kernels: Kernels): SharedMoments {
  return {
    channels,
    cells,
    count: 0,
    pilot: kernels.float64(channels * LANES),
    sum: kernels.float64(channels * LANES),
    scatter: kernels.float64(packedLength(channels) * LANES),
    kernels,
    staged: createStaging(channels, LANES, BLOCK, kernels),
    first: null,
    differ: false,
  };
}

/** Goes on from moments that were kept, of pictures that differ; the accumulator is empty. */
export function goOnShared(moments: SharedMoments, kept: Moments): void {
  goOn(moments, kept);
  moments.differ = true;
}

/**
 * Adds a picture's vectors, in order.
 * @param embedding float32 `[channels, cells]`.
 * @throws MODEL_STATISTICS when it has another size or holds a value that is not finite; it is not added then.
 */
export function addShared(moments: SharedMoments, embedding: Float32Array): void {
  const { channels, cells, pilot, sum, scatter } = moments;
  if (embedding.length !== channels * cells)
    throw badEmbedding(channels * cells, `${embedding.length} numbers`);
  const total = totalOf(embedding);
  if (!Number.isFinite(total)) throw badEmbedding(channels * cells, "values that are not finite");
  moments.differ ||= moments.first !== null && moments.first !== total;
  moments.first ??= total;
  if (moments.count === 0)
    for (let d = 0; d < channels; d++) pilot.fill(embedding[d * cells], d * LANES, (d + 1) * LANES);
  addVectors(moments, embedding, { sum, scatter });
  moments.count++;
}

/** Sums of one picture's vectors. @param room as the moments' arrays, in the kernels' memory; overwritten. */
export function sumsOfPicture(
  moments: SharedMoments,
  embedding: Float32Array,
  room: Pick<Moments, "sum" | "scatter">,
): VectorSums {
  room.sum.fill(0);
  room.scatter.fill(0);
  addVectors(moments, embedding, room);
  return { vectors: moments.cells, sum: acrossLanes(room.sum), scatter: acrossLanes(room.scatter) };
}

/** Sums of all pictures' vectors. */
export function sumsOfAll({ count, cells, sum, scatter }: Moments): VectorSums {
  return { vectors: count * cells, sum: acrossLanes(sum), scatter: acrossLanes(scatter) };
}

/**
 * Stages a picture's vectors, as many as there is room for at a time.
 * @param behind `[channels, LANES]`: what stands behind the last vector.
 * @param work is told of how many staged pictures of 64 vectors, and which vector is the first of them.
 */
export function eachStaged(
  { channels, cells, staged }: Pick<SharedMoments, "channels" | "cells" | "staged">,
  embedding: Float32Array,
  behind: Float64Array,
  work: (pictures: number, first: number) => void,
): void {
  const { block, picture } = staged;
  for (let start = 0; start < cells; start += BLOCK * LANES) {
    const pictures = Math.min(BLOCK, Math.ceil((cells - start) / LANES));
    for (let i = 0; i < pictures; i++) {
      const first = start + i * LANES;
      const length = Math.min(LANES, cells - first);
      for (let d = 0, to = i * picture; d < channels; d++, to += LANES) {
        const from = d * cells + first;
        block.set(embedding.subarray(from, from + length), to);
        for (let lane = length; lane < LANES; lane++) block[to + lane] = behind[d * LANES + lane];
      }
    }
    work(pictures, start);
  }
}

/** Behind the last vector stands the pilot, which adds nothing. */
function addVectors(
  moments: SharedMoments,
  embedding: Float32Array,
  { sum, scatter }: Pick<Moments, "sum" | "scatter">,
): void {
  const { kernels, staged, pilot } = moments;
  eachStaged(moments, embedding, pilot, (pictures) =>
    kernels.addPictures(pictureBlock(staged, pictures), pilot, sum, scatter),
  );
}

/** One number of each row `[rows, LANES]`. */
function acrossLanes(tile: Float64Array): Float64Array {
  return Float64Array.from({ length: tile.length / LANES }, (_, row) => {
    let sum = 0;
    for (let at = row * LANES; at < (row + 1) * LANES; at++) sum += tile[at];
    return sum;
  });
}

/** Not finite as soon as one number is not. */
function totalOf(values: Float32Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}
