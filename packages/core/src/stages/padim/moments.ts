/**
 * Streaming first and second moments of the embeddings, cell by cell, in float64. Memory does not grow with the
 * number of pictures. Sums are taken relative to the first picture (the pilot), so that they do not cancel, and
 * picture after picture, so that the bytes do not depend on how pictures were grouped: adding pictures to a kept
 * state gives the same bytes as one long run.
 */
import { BlemishError } from "../../errors.js";
import { BLOCK, type Kernels, LANES } from "../../kernels/kernels.js";
import { kernelRoom } from "../../kernels/tile-operations.js";
import {
  createStaging,
  pictureBlock,
  type StagedPictures,
  stagePicture,
  stagingBytes,
  tileCount,
  triangleRows,
} from "./tiles.js";

/** Sufficient statistics of `count` embeddings. All arrays are tiled `[tiles, rows, LANES]`, float64. */
export interface Moments {
  readonly channels: number;
  readonly cells: number;
  /** Number of pictures. */
  count: number;
  /** First picture's embedding, rows = channels. */
  readonly pilot: Float64Array;
  /** Σ (x − pilot), rows = channels. */
  readonly sum: Float64Array;
  /** Σ (x − pilot)(x − pilot)ᵀ, rows = packed lower triangle. */
  readonly scatter: Float64Array;
}

/** An accumulator: moments and the pictures that wait to be added. */
export interface MomentAccumulator extends Moments {
  readonly kernels: Kernels;
  /** Room for a block of pictures. */
  readonly staged: StagedPictures;
  /** How many pictures stand there. */
  waiting: number;
}

/** Bytes that an accumulator takes in the kernels' memory, their own room included. */
export function momentBytes(channels: number, cells: number): number {
  const sums = 8 * LANES * tileCount(cells) * (2 * channels + triangleRows(channels));
  return sums + stagingBytes(channels, cells, BLOCK) + kernelRoom(channels) + 4096;
}

/** Empty moments for embeddings `[channels, cells]`; arrays come from the kernels' memory. */
export function createMoments(channels: number, cells: number, kernels: Kernels): MomentAccumulator {
  const tiles = tileCount(cells);
  const rows = (count: number) => kernels.float64(tiles * count * LANES);
  return {
    channels,
    cells,
    count: 0,
    pilot: rows(channels),
    sum: rows(channels),
    scatter: rows(triangleRows(channels)),
    kernels,
    staged: createStaging(channels, cells, BLOCK, kernels),
    waiting: 0,
  };
}

/**
 * Adds embeddings, in order, to an accumulator (changed in place).
 * @param embeddings float32 `[channels, cells]` each.
 * @throws MODEL_STATISTICS when an embedding holds a value that is not finite.
 */
export function addEmbeddings(moments: MomentAccumulator, embeddings: readonly Float32Array[]): void {
  for (const embedding of embeddings) takeEmbedding(moments, embedding);
  addWaiting(moments);
}

/**
 * Takes one more embedding: it is added when a block is full, or by {@link addWaiting}.
 * @throws MODEL_STATISTICS when it holds a value that is not finite; it is not taken then.
 */
export function takeEmbedding(moments: MomentAccumulator, embedding: Float32Array): void {
  const { channels, cells, kernels, staged, waiting } = moments;
  if (embedding.length !== channels * cells)
    throw badEmbedding(channels * cells, `${embedding.length} numbers`);
  if (!kernels.allFinite(stagePicture(staged, waiting, embedding)))
    throw badEmbedding(channels * cells, "values that are not finite");
  moments.waiting++;
  if (moments.waiting === BLOCK) addWaiting(moments);
}

/** Adds the pictures that wait. */
export function addWaiting(moments: MomentAccumulator): void {
  const { kernels, staged, waiting } = moments;
  if (waiting === 0) return;
  if (moments.count === 0) setPilot(moments);
  kernels.addPictures(pictureBlock(staged, waiting), moments.pilot, moments.sum, moments.scatter);
  moments.count += waiting;
  moments.waiting = 0;
}

/** Goes on from moments that were kept; the accumulator is empty. */
export function goOn(moments: Moments, { count, pilot, sum, scatter }: Moments): void {
  moments.pilot.set(pilot);
  moments.sum.set(sum);
  moments.scatter.set(scatter);
  moments.count = count;
}

/**
 * Adds the moments of another run to an accumulator (changed in place), exactly up to float64 rounding.
 * @throws MODEL_STATISTICS when channels or cells differ.
 */
export function mergeMoments(into: MomentAccumulator, other: Moments): void {
  if (into.channels !== other.channels || into.cells !== other.cells) throw differentShape(into, other);
  if (other.count === 0) return;
  if (into.count === 0) into.pilot.set(other.pilot);
  const { channels } = into;
  const shift = new Float64Array(channels);
  const total = new Float64Array(channels);
  for (let tile = 0; tile < tileCount(into.cells); tile++) {
    for (let lane = 0; lane < LANES; lane++) {
      const base = tile * channels * LANES + lane;
      for (let d = 0; d < channels; d++) {
        const at = base + d * LANES;
        shift[d] = other.pilot[at] - into.pilot[at];
        total[d] = other.sum[at];
        into.sum[at] += other.sum[at] + other.count * shift[d];
      }
      let at = tile * triangleRows(channels) * LANES + lane;
      for (let i = 0; i < channels; i++) {
        for (let j = 0; j <= i; j++, at += LANES) {
          const cross = shift[i] * total[j] + total[i] * shift[j] + other.count * shift[i] * shift[j];
          into.scatter[at] += other.scatter[at] + cross;
        }
      }
    }
  }
  into.count += other.count;
}

/** The first picture that waits becomes the pilot. */
function setPilot({ channels, pilot, staged: { block, stride } }: MomentAccumulator): void {
  for (let tile = 0, at = 0; tile * LANES < stride; tile++)
    for (let d = 0; d < channels; d++)
      for (let lane = 0; lane < LANES; lane++) pilot[at++] = block[d * stride + tile * LANES + lane];
}

/** For an embedding that cannot be added. */
export function badEmbedding(length: number, found: string): BlemishError {
  return new BlemishError("MODEL_STATISTICS", {
    subject: "The features of a training picture",
    expected: `${length} finite numbers`,
    found,
  });
}

function differentShape(a: Moments, b: Moments): BlemishError {
  return new BlemishError("MODEL_STATISTICS", {
    subject: "The statistics of two trainings",
    expected: `${a.channels} channels on ${a.cells} cells`,
    found: `${b.channels} channels on ${b.cells} cells`,
  });
}
