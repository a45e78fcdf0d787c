/** Mahalanobis distance of an embedding from each cell's Gaussian: ‖W·(x − μ)‖, unitless, ≥ 0. */
import { type Kernels, LANES } from "../../kernels/kernels.js";
import type { Gaussians } from "./gaussian.js";
import { createStaging, pictureBlock, type StagedPictures, stagePicture, tileCount } from "./tiles.js";

/** Scores embeddings against one model again and again, without allocating more than the result. */
export interface DistanceScorer {
  /**
   * @param embedding float32 `[channels, cells]`.
   * @returns squared distances, float64 `[cells]`; overwritten by the next call.
   */
  squared(embedding: Float32Array): Float64Array;
}

/** A scorer whose working room comes from the kernels that hold the Gaussians. */
export function distanceScorer(model: Gaussians, kernels: Kernels): DistanceScorer {
  const { channels, cells } = model;
  const staged = createStaging(channels, cells, 1, kernels);
  const lanes = kernels.float64(tileCount(cells) * LANES);
  const out = new Float64Array(cells);
  return {
    squared(embedding) {
      stagePicture(staged, 0, embedding);
      squaredDistances(model, staged, 1, lanes, [out], kernels);
      return out;
    },
  };
}

/**
 * Squared distances of staged pictures.
 * @param lanes `[tiles, pictures, LANES]` of the kernels, to work in.
 * @param out one array `[cells]` for each picture, overwritten.
 */
export function squaredDistances(
  { cells, mean, factor }: Pick<Gaussians, "cells" | "mean" | "factor">,
  staged: StagedPictures,
  pictures: number,
  lanes: Float64Array,
  out: readonly Float64Array[],
  kernels: Kernels,
): void {
  kernels.squaredDistances(pictureBlock(staged, pictures), mean, factor, lanes);
  for (let first = 0, at = 0; first < cells; first += LANES)
    for (let b = 0; b < pictures; b++, at += LANES)
      out[b].set(lanes.subarray(at, at + Math.min(LANES, cells - first)), first);
}

/** The distance map of an embedding, float32 `[cells]` (row-major grid). */
export function distances(scorer: DistanceScorer, embedding: Float32Array): Float32Array {
  return Float32Array.from(scorer.squared(embedding), Math.sqrt);
}
