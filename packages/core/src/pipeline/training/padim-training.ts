/** PaDiM under training: one round of moments, then a Gaussian for each cell; leave-one-out in closed form. */
import { cellCount } from "../../bundle/cell-count.js";
import type { StoredHead } from "../../bundle/model-file.js";
import type { Kernels } from "../../kernels/kernels.js";
import {
  fitGaussians,
  type GaussianOptions,
  type Gaussians,
  gaussianBytes,
} from "../../stages/padim/gaussian.js";
import {
  type LeaveOneOutScorer,
  leaveOneOutBytes,
  leaveOneOutScorer,
} from "../../stages/padim/leave-one-out.js";
import {
  addWaiting,
  createMoments,
  type MomentAccumulator,
  type Moments,
  momentBytes,
  takeEmbedding,
} from "../../stages/padim/moments.js";
import { packGaussians } from "../../stages/padim/pack-gaussians.js";
import type { DetectorRecipe, PadimRecipe } from "../recipe/recipe.js";
import type { HeadTraining, LeaveOneOutDistances } from "./head-training.js";

/** Bytes of kernel memory that PaDiM needs for its training. */
export function padimTrainingBytes(detector: Pick<DetectorRecipe, "channels" | "grid" | "cells">): number {
  const { channels } = detector;
  const cells = cellCount(detector);
  // Moments, the Gaussians, and what leave-one-out scoring works with.
  return momentBytes(channels, cells) + gaussianBytes(channels, cells) + leaveOneOutBytes(channels, cells);
}

/**
 * A training of PaDiM. Turned pictures take no part: Gaussians belong to places.
 * @param earlier moments of the first pictures that a model kept: the training goes on from there.
 * @param keep store the moments with the head, so that pictures can be added later.
 */
export function padimTraining(
  detector: DetectorRecipe<PadimRecipe>,
  kernels: Kernels,
  { earlier = null, keep = false }: { readonly earlier?: Moments | null; readonly keep?: boolean } = {},
): HeadTraining {
  const { channels } = detector;
  const moments = createMoments(channels, cellCount(detector), kernels);
  const known = earlier?.count ?? 0;
  if (earlier !== null) goOn(moments, earlier);
  let gaussians: Gaussians | null = null;
  let leftOut: LeaveOneOutScorer | null = null;
  const typical = typicalPictures(cellCount(detector));
  const fitted = (): Gaussians => {
    if (gaussians === null) throw new Error("PaDiM is asked before its round is finished");
    return gaussians;
  };
  return {
    get ready() {
      return gaussians !== null;
    },
    take(embedding, picture, turned) {
      // The earlier pictures are in the moments already.
      if (!turned && picture >= known) takeEmbedding(moments, embedding);
    },
    *finishRound() {
      addWaiting(moments);
      yield 0;
      gaussians = fitGaussians(moments, optionsOf(detector, moments.count));
      yield 1;
    },
    leaveOneOut() {
      // Its factors take as much of the kernels' memory as the model's own: there is room for them once.
      leftOut ??= leaveOneOutScorer(moments, fitted(), optionsOf(detector, moments.count));
      return typical.watch(leftOut);
    },
    head: () => storedHead(detector, fitted(), keep ? moments : null, typical.pictures()),
  };
}

/** Of each cell the picture whose leave-one-out distance is the smallest of all that were asked for. */
function typicalPictures(cells: number) {
  const picture = new Int32Array(cells);
  const least = new Float32Array(cells).fill(Number.POSITIVE_INFINITY);
  const compare = (distances: Float32Array, number: number) => {
    for (let cell = 0; cell < cells; cell++) {
      const distance = distances[cell];
      // Of equals the first picture, in whatever order they come.
      if (distance > least[cell] || (distance === least[cell] && number >= picture[cell])) continue;
      least[cell] = distance;
      picture[cell] = number;
    }
  };
  return {
    /** The same distances, looked at on their way. */
    watch(scorer: LeaveOneOutScorer): LeaveOneOutDistances {
      const waiting: number[] = [];
      const seen = (found: Float32Array[]) => {
        for (const distances of found) compare(distances, waiting.shift() as number);
        return found;
      };
      return {
        take(embedding, number) {
          waiting.push(number);
          return seen(scorer.take(embedding));
        },
        rest: () => seen(scorer.rest()),
      };
    },
    /** null before any distances are known. */
    pictures: () => (least.every((distance) => distance < Number.POSITIVE_INFINITY) ? picture : null),
  };
}

function goOn(moments: MomentAccumulator, { count, pilot, sum, scatter }: Moments): void {
  moments.pilot.set(pilot);
  moments.sum.set(sum);
  moments.scatter.set(scatter);
  moments.count = count;
}

function optionsOf({ head, grid, embedding }: DetectorRecipe<PadimRecipe>, count: number): GaussianOptions {
  const { places } = embedding;
  const perPlace = count < head.poolBelow ? 3 : 1;
  const pool = head.shared === true ? "all" : perPlace;
  return { ridge: head.ridge, width: grid.width, ...(places !== undefined && { places }), pool };
}

function storedHead(
  { head }: DetectorRecipe<PadimRecipe>,
  gaussians: Gaussians,
  kept: Moments | null,
  typical: Int32Array | null,
): StoredHead {
  const { count, pool, ridge } = gaussians;
  return {
    kind: "padim",
    gaussians: packGaussians(gaussians, head.factors),
    fit: { count, pool, ridge },
    statistics: kept && {
      pilot: kept.pilot.slice(),
      sum: kept.sum.slice(),
      scatter: kept.scatter.slice(),
    },
    ...(typical && { typical: typical.slice() }),
  };
}
