/**
 * How per-cell statistics are stored: cells stand in tiles of `LANES`, the last tile padded, so that vector
 * instructions work on neighbouring cells. `[tiles, rows, LANES]` for whatever rows a quantity has.
 */
import { type Kernels, LANES, type PictureBlock } from "../../kernels/kernels.js";

/** Number of tiles that hold `cells` cells. */
export function tileCount(cells: number): number {
  return Math.ceil(cells / LANES);
}

/** Rows of a packed lower triangle of `channels` × `channels`. */
export function triangleRows(channels: number): number {
  return (channels * (channels + 1)) / 2;
}

/** Index of row 0 of a cell in an array tiled with `rows` rows. */
export function cellBase(cell: number, rows: number): number {
  return Math.floor(cell / LANES) * rows * LANES + (cell % LANES);
}

/** The part of a tiled array that belongs to one tile: `[rows, LANES]`, a view. */
export function tileOf(tiled: Float64Array, tile: number, rows: number): Float64Array {
  return tiled.subarray(tile * rows * LANES, (tile + 1) * rows * LANES);
}

/** Embeddings where the kernels can read them, cells padded with zeros to whole tiles. */
export interface StagedPictures {
  readonly channels: number;
  readonly cells: number;
  /** Pictures `[channels, stride]`, `picture` numbers apart. */
  readonly block: Float32Array;
  readonly picture: number;
  readonly stride: number;
}

/** A cache line between pictures: else the same place of all of them would stand in one set of the cache. */
const APART = 16;

/** Bytes that staged pictures take. */
export function stagingBytes(channels: number, cells: number, capacity: number): number {
  return 4 * capacity * (channels * tileCount(cells) * LANES + APART) + LANES;
}

/** Bytes that a scorer of distances takes: one staged picture and its distances. */
export function scorerBytes(channels: number, cells: number): number {
  return stagingBytes(channels, cells, 1) + 8 * LANES * tileCount(cells) + 4096;
}

/** Room for `capacity` pictures in the kernels' memory. */
export function createStaging(
  channels: number,
  cells: number,
  capacity: number,
  kernels: Kernels,
): StagedPictures {
  const stride = tileCount(cells) * LANES;
  const picture = channels * stride + APART;
  return { channels, cells, stride, picture, block: kernels.float32(capacity * picture) };
}

/**
 * Copies a picture's embedding to its place.
 * @param embedding float32 `[channels, cells]`.
 * @returns the place, `[channels, stride]`.
 */
export function stagePicture(staged: StagedPictures, index: number, embedding: Float32Array): Float32Array {
  const { channels, cells, stride, picture, block } = staged;
  const place = block.subarray(index * picture, index * picture + channels * stride);
  if (cells === stride) place.set(embedding);
  else
    for (let d = 0; d < channels; d++) place.set(embedding.subarray(d * cells, (d + 1) * cells), d * stride);
  return place;
}

/** The first `pictures` staged pictures, for the kernels. */
export function pictureBlock(staged: StagedPictures, pictures: number): PictureBlock {
  const { block, picture, stride, channels } = staged;
  return { block, picture, stride, channels, pictures };
}

/** What cells' statistics are before they become Gaussians. */
export interface PooledScatter {
  /** `[tiles, D, LANES]`. */
  readonly mean: Float64Array;
  /** Around the mean, `[tiles, D(D+1)/2, LANES]`. Lanes past the last cell hold the unit matrix: harmless to factorise. */
  readonly scatter: Float64Array;
  /** For every lane of every tile the number of vectors its statistics rest on; 2 past the last cell. */
  readonly vectors: Float64Array;
}
