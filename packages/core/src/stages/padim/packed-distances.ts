/** Mahalanobis distances of pictures from packed Gaussians, in an arena: nothing is allocated for a picture. */
import { ALIGNMENT, type Arena } from "../../kernels/arena.js";
import { headKernels } from "../../kernels/head-kernels.js";
import { headKernelBytes } from "../../kernels/wasm-head-kernels.js";
import type { PackedGaussians } from "./packed-gaussians.js";

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

/**
 * A scorer in an arena.
 * @param head compiled kernels work on it when its arrays are in the arena's memory, in whatever part (`placeGaussians`).
 * @throws MEMORY when the arena has less than `packedDistanceBytes` left.
 */
export function packedDistances(head: PackedGaussians, arena: Arena): PackedDistances {
  const kernels = headKernels(arena);
  const embedding = arena.float32(head.channels * head.cells);
  const out = arena.float32(head.cells);
  return {
    embedding,
    distances() {
      kernels.squaredDistances(head, embedding, out);
      for (let cell = 0; cell < out.length; cell++) out[cell] = Math.sqrt(out[cell]);
      return out;
    },
  };
}
