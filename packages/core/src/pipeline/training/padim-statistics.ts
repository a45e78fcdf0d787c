/** What a PaDiM head learns from embeddings: a Gaussian for each place, or one that all places share. */
import { cellCount } from "../../bundle/cell-count.js";
import type { PadimManifest } from "../../bundle/manifest.js";
import type { Kernels } from "../../kernels/kernels.js";
import { fitGaussians, type GaussianOptions, gaussianBytes } from "../../stages/padim/gaussian.js";
import {
  type LeaveOneOutScorer,
  leaveOneOutBytes,
  leaveOneOutScorer,
} from "../../stages/padim/leave-one-out.js";
import {
  addWaiting,
  createMoments,
  goOn,
  type Moments,
  momentBytes,
  takeEmbedding,
} from "../../stages/padim/moments.js";
import { packGaussians } from "../../stages/padim/pack-gaussians.js";
import type { PackedGaussians } from "../../stages/padim/packed-gaussians.js";
import { fitShared, packShared } from "../../stages/padim/shared-gaussian.js";
import { sharedLeaveOneOut, sharedTrainingBytes } from "../../stages/padim/shared-leave-one-out.js";
import { addShared, createSharedMoments, goOnShared } from "../../stages/padim/shared-moments.js";
import type { DetectorRecipe, PadimRecipe } from "../recipe/recipe.js";

/** Statistics in the making. */
export interface PadimStatistics {
  /** So far, the pictures that wait not counted. */
  readonly moments: Moments;
  /** @throws MODEL_STATISTICS for an embedding, float32 `[channels, cells]`, with a value that is not finite. */
  take(embedding: Float32Array): void;
  /** @throws MODEL_STATISTICS when the pictures do not suffice. */
  fit(): FittedPadim;
}

/** Statistics that were fitted. */
export interface FittedPadim {
  readonly fit: NonNullable<PadimManifest["fit"]>;
  /** As a model file stores them. */
  readonly packed: () => PackedGaussians;
  /** Takes as much of the kernels' memory as the fit: there is room for it once. @throws MODEL_STATISTICS. */
  readonly leaveOneOut: () => LeaveOneOutScorer;
}

/** Bytes of kernel memory that a training needs: moments, Gaussians, and what leave-one-out scoring works with. */
export function padimTrainingBytes(
  detector: Pick<DetectorRecipe, "channels" | "grid" | "cells" | "head">,
): number {
  const { channels, head } = detector;
  if (head.kind === "padim" && head.shared === true) return sharedTrainingBytes(channels);
  const cells = cellCount(detector);
  return momentBytes(channels, cells) + gaussianBytes(channels, cells) + leaveOneOutBytes(channels, cells);
}

/** @param earlier moments of pictures that a model kept: the statistics go on from there. */
export function padimStatistics(
  detector: DetectorRecipe<PadimRecipe>,
  kernels: Kernels,
  earlier: Moments | null,
): PadimStatistics {
  return detector.head.shared === true
    ? sharedStatistics(detector, kernels, earlier)
    : placeStatistics(detector, kernels, earlier);
}

function placeStatistics(
  detector: DetectorRecipe<PadimRecipe>,
  kernels: Kernels,
  earlier: Moments | null,
): PadimStatistics {
  const moments = createMoments(detector.channels, cellCount(detector), kernels);
  if (earlier !== null) goOn(moments, earlier);
  return {
    moments,
    take: (embedding) => takeEmbedding(moments, embedding),
    fit() {
      addWaiting(moments);
      const options = optionsOf(detector, moments.count);
      const gaussians = fitGaussians(moments, options);
      const { count, pool, ridge } = gaussians;
      return {
        fit: { count, pool, ridge },
        packed: () => packGaussians(gaussians, detector.head.factors),
        leaveOneOut: () => leaveOneOutScorer(moments, gaussians, options),
      };
    },
  };
}

function sharedStatistics(
  detector: DetectorRecipe<PadimRecipe>,
  kernels: Kernels,
  earlier: Moments | null,
): PadimStatistics {
  const moments = createSharedMoments(detector.channels, cellCount(detector), kernels);
  if (earlier !== null) goOnShared(moments, earlier);
  return {
    moments,
    take: (embedding) => addShared(moments, embedding),
    fit() {
      const gaussian = fitShared(moments, detector.head.ridge);
      return {
        fit: { count: gaussian.count, pool: "all", ridge: gaussian.ridge },
        packed: () => packShared(gaussian, detector.head.factors),
        leaveOneOut: () => sharedLeaveOneOut(moments, gaussian),
      };
    },
  };
}

function optionsOf({ head, grid, embedding }: DetectorRecipe<PadimRecipe>, count: number): GaussianOptions {
  const { places } = embedding;
  const pool = count < head.poolBelow ? 3 : 1;
  return { ridge: head.ridge, width: grid.width, ...(places !== undefined && { places }), pool };
}
