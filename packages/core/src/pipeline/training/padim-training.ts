/** PaDiM under training: one round of all pictures, then its Gaussians; leave-one-out in closed form. */
import { cellCount } from "../../bundle/cell-count.js";
import type { StoredHead } from "../../bundle/model-file.js";
import type { Kernels } from "../../kernels/kernels.js";
import type { LeaveOneOutScorer } from "../../stages/padim/leave-one-out.js";
import type { Moments } from "../../stages/padim/moments.js";
import type { DetectorRecipe, PadimRecipe } from "../recipe/recipe.js";
import type { HeadTraining, LeaveOneOutDistances } from "./head-training.js";
import { type FittedPadim, padimStatistics } from "./padim-statistics.js";

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
  const statistics = padimStatistics(detector, kernels, earlier);
  const known = earlier?.count ?? 0;
  let fitted: FittedPadim | null = null;
  let leftOut: LeaveOneOutScorer | null = null;
  const typical = typicalPictures(cellCount(detector));
  const finished = (): FittedPadim => {
    if (fitted === null) throw new Error("PaDiM is asked before its round is finished");
    return fitted;
  };
  return {
    get ready() {
      return fitted !== null;
    },
    take(embedding, picture, turned) {
      // The earlier pictures are in the moments already.
      if (!turned && picture >= known) statistics.take(embedding);
    },
    *finishRound() {
      yield 0;
      fitted = statistics.fit();
      yield 1;
    },
    leaveOneOut() {
      leftOut ??= finished().leaveOneOut();
      return typical.watch(leftOut);
    },
    head: () => storedHead(finished(), keep ? statistics.moments : null, typical.pictures()),
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

function storedHead(
  { fit, packed }: FittedPadim,
  kept: Moments | null,
  typical: Int32Array | null,
): StoredHead {
  return {
    kind: "padim",
    gaussians: packed(),
    fit,
    statistics: kept && {
      pilot: kept.pilot.slice(),
      sum: kept.sum.slice(),
      scatter: kept.scatter.slice(),
    },
    ...(typical && { typical: typical.slice() }),
  };
}
