/**
 * Streaming first and second moments of the embeddings, cell by cell, in float64. Memory does not grow with the
 * number of pictures. Sums are taken relative to the first picture (the pilot), so that they do not cancel, and
 * picture after picture, so that the bytes do not depend on how pictures were grouped: adding pictures to a kept
 * state gives the same bytes as one long run.
 */
import { BlemishError } from "../../errors.js";
import { type Kernels, LANES } from "../../kernels/kernels.js";
import { centredTile, tileCount, tileOf, triangleRows } from "./tiles.js";

/** Pictures added at once: each block reads and writes the large sums only once. */
export const BLOCK = 16;

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

/** An accumulator: moments and the room that their kernels work in. */
export interface MomentAccumulator extends Moments {
  readonly kernels: Kernels;
  /** `[BLOCK, channels, LANES]`. */
  readonly delta: Float64Array;
}

/** Bytes that an accumulator takes. */
export function momentBytes(channels: number, cells: number): number {
  return 8 * LANES * (tileCount(cells) * (2 * channels + triangleRows(channels)) + BLOCK * channels) + 4096;
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
    delta: kernels.float64(BLOCK * channels * LANES),
  };
}

/**
 * Adds embeddings, in order, to an accumulator (changed in place).
 * @param embeddings at most {@link BLOCK} arrays, float32 `[channels, cells]` each.
 * @throws MODEL_STATISTICS when an embedding holds a value that is not finite.
 */
export function addEmbeddings(moments: MomentAccumulator, embeddings: readonly Float32Array[]): void {
  const { channels, cells, kernels, delta } = moments;
  if (embeddings.length === 0) return;
  for (const embedding of embeddings) checkFinite(embedding, channels * cells);
  if (moments.count === 0) setPilot(moments, embeddings[0]);
  const picture = channels * LANES;
  for (let tile = 0; tile < tileCount(cells); tile++) {
    const pilot = tileOf(moments.pilot, tile, channels);
    const sum = tileOf(moments.sum, tile, channels);
    embeddings.forEach((embedding, b) => {
      const part = delta.subarray(b * picture, (b + 1) * picture);
      centredTile(embedding, cells, tile, pilot, part);
      for (let i = 0; i < picture; i++) sum[i] += part[i];
    });
    const scatter = tileOf(moments.scatter, tile, triangleRows(channels));
    kernels.addOuterProducts(scatter, delta, channels, embeddings.length);
  }
  moments.count += embeddings.length;
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

function setPilot(moments: MomentAccumulator, embedding: Float32Array): void {
  const { channels, cells, pilot } = moments;
  const zero = new Float64Array(channels * LANES);
  for (let tile = 0; tile < tileCount(cells); tile++)
    centredTile(embedding, cells, tile, zero, tileOf(pilot, tile, channels));
}

function checkFinite(embedding: Float32Array, length: number): void {
  let sum = 0;
  for (let i = 0; i < embedding.length; i++) sum += embedding[i] - embedding[i];
  if (embedding.length === length && sum === 0) return;
  throw new BlemishError("MODEL_STATISTICS", {
    subject: "The features of a training picture",
    expected: `${length} finite numbers`,
    found: embedding.length === length ? "values that are not finite" : `${embedding.length} numbers`,
  });
}

function differentShape(a: Moments, b: Moments): BlemishError {
  return new BlemishError("MODEL_STATISTICS", {
    subject: "The statistics of two trainings",
    expected: `${a.channels} channels on ${a.cells} cells`,
    found: `${b.channels} channels on ${b.cells} cells`,
  });
}
