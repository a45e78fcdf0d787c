/** Mahalanobis distance of an embedding from each cell's Gaussian: ‖W·(x − μ)‖, unitless, ≥ 0. */
import { type Kernels, LANES } from "../../kernels/kernels.js";
import type { Gaussians } from "./gaussian.js";
import { centredTile, tileCount, tileOf, triangleRows } from "./tiles.js";

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
  const delta = kernels.float64(channels * LANES);
  const lanes = kernels.float64(LANES);
  const out = new Float64Array(cells);
  return {
    squared(embedding) {
      for (let tile = 0; tile < tileCount(cells); tile++) {
        centredTile(embedding, cells, tile, tileOf(model.mean, tile, channels), delta);
        kernels.squaredDistances(
          tileOf(model.factor, tile, triangleRows(channels)),
          delta,
          channels,
          1,
          lanes,
        );
        out.set(lanes.subarray(0, Math.min(LANES, cells - tile * LANES)), tile * LANES);
      }
      return out;
    },
  };
}

/** The distance map of an embedding, float32 `[cells]` (row-major grid). */
export function distances(scorer: DistanceScorer, embedding: Float32Array): Float32Array {
  return Float32Array.from(scorer.squared(embedding), Math.sqrt);
}
