/** The heads of a recipe, ready to be taught. */

import { cellCount } from "../../bundle/cell-count.js";
import { detectorsOf } from "../../bundle/detectors-of.js";
import type { TrainedModelFile } from "../../bundle/model-file.js";
import type { Kernels } from "../../kernels/kernels.js";
import type { Moments } from "../../stages/padim/moments.js";
import { selectionBytes } from "../../stages/patchcore/select-bank.js";
import { selectionPlan } from "../../stages/patchcore/selection-plan.js";
import type { DetectorRecipe, PadimRecipe, PatchcoreRecipe, Recipe } from "../recipe/recipe.js";
import type { HeadTraining } from "./head-training.js";
import { padimTrainingBytes } from "./padim-statistics.js";
import { padimTraining } from "./padim-training.js";
import { patchcoreTraining, selectionOf } from "./patchcore-training.js";

/** What a training begins with. */
export interface TrainingStart {
  /** PaDiM works in their memory: `trainingBytes(recipe)`. */
  readonly kernels: Kernels;
  /** Pictures of each round, turned copies included. */
  readonly pictures: number;
  /** Store PaDiM's moments with the model. */
  readonly keep: boolean;
  /** A model whose pictures come first in every round; where it kept PaDiM's moments they are gone on from. */
  readonly addTo: TrainedModelFile | null;
}

/** One head for each detector, in their order. @throws MEMORY. */
export function trainingHeads(
  recipe: Recipe,
  { kernels, pictures, keep, addTo }: TrainingStart,
): HeadTraining[] {
  return detectorsOf(recipe).map((detector, i) => {
    if (isPatchcore(detector)) return patchcoreTraining(detector, pictures, recipe.seed);
    const earlier = addTo === null ? null : keptMoments(addTo, i);
    return padimTraining(detector as DetectorRecipe<PadimRecipe>, kernels, { earlier, keep });
  });
}

/** Fresh heads where leaving a picture out is not exact: memory banks. Null for the others. */
export function freshBank(recipe: Recipe, detector: number, pictures: number): HeadTraining | null {
  const one = detectorsOf(recipe)[detector];
  return isPatchcore(one) ? patchcoreTraining(one, pictures, recipe.seed) : null;
}

/** Bytes of kernel memory that the PaDiM heads of a training need together. */
export function trainingBytes(recipe: Recipe): number {
  const own = detectorsOf(recipe).map((detector) =>
    isPatchcore(detector) ? 0 : padimTrainingBytes(detector),
  );
  return own.reduce((sum, bytes) => sum + bytes, 4096);
}

/** Bytes that the memory banks of a training need together, the largest moment counted. */
export function bankTrainingBytes(recipe: Recipe, pictures: number): number {
  const own = detectorsOf(recipe)
    .filter(isPatchcore)
    .map((detector) => {
      const options = selectionOf(detector, pictures, recipe.seed);
      return selectionBytes(options) + 4 * selectionPlan(options).sampled * options.channels;
    });
  return own.reduce((sum, bytes) => sum + bytes, 0);
}

/** The most channels of a PaDiM head; 1 without one. */
export function widestPadim(recipe: Recipe): number {
  return Math.max(1, ...detectorsOf(recipe).map((one) => (isPatchcore(one) ? 1 : one.channels)));
}

/** Whether every picture has to come more than once before the heads are ready. */
export function hasBank(recipe: Recipe): boolean {
  return detectorsOf(recipe).some(isPatchcore);
}

function isPatchcore(detector: DetectorRecipe): detector is DetectorRecipe<PatchcoreRecipe> {
  return detector.head.kind === "patchcore";
}

/** Whether a model kept what its PaDiM heads were fitted from, so that they need not see its pictures again. */
export function keepsMoments({ detectors }: TrainedModelFile): boolean {
  return detectors.every(
    ({ head }) => head.kind !== "padim" || (head.statistics !== null && head.fit !== null),
  );
}

function keptMoments({ manifest, detectors }: TrainedModelFile, index: number): Moments | null {
  const { head } = detectors[index];
  const detector = detectorsOf(manifest)[index];
  if (head.kind !== "padim" || head.statistics === null || head.fit === null) return null;
  const { channels } = detector;
  return { channels, cells: cellCount(detector), count: head.fit.count, ...head.statistics };
}
