/**
 * The precise threshold: memory banks are chosen anew five times, each time without a fifth of the pictures, and judge
 * that fifth. Leaving out only a picture's own patches of the shipped bank thins the bank just where the picture is, which
 * makes scores a little too high; a bank of the same size from other pictures does not. PaDiM's closed form is exact already.
 */

import type { Recipe } from "../recipe/recipe.js";
import {
  type DetectorUnits,
  type LeaveOneOutCalibration,
  leftOutScores,
  type PictureStream,
  withThresholds,
} from "./calibrate.js";
import type { HeadTraining, LeaveOneOutDistances } from "./head-training.js";
import { type Breathe, type EmbeddedTraining, learn } from "./learn.js";
import type { ZoneValues } from "./zone-calibration.js";

/** Parts that the pictures are divided into. */
export const FOLDS = 5;

/** What a refit needs of the training. */
export interface Refit {
  /**
   * A fresh head to be taught with so many pictures (turned copies of them not counted); null for a detector whose own
   * leave-one-out is exact.
   */
  readonly fresh: (detector: number, pictures: number) => HeadTraining | null;
  /** Streams pictures by number with their turned copies, as the training saw them. */
  readonly taught: PictureStream;
  /** Streams pictures by number, without copies. */
  readonly judged: PictureStream;
}

/**
 * Calibration by refits. With fewer pictures than folds each is left out alone.
 * @param heads the finished training.
 * @param units as the shipped model has them.
 * @param count number of training pictures, at least three (`detectorUnits` sees to it).
 */
export async function preciseCalibration(
  heads: readonly HeadTraining[],
  refit: Refit,
  units: DetectorUnits,
  count: number,
  recipe: Recipe,
  breathe: Breathe,
): Promise<LeaveOneOutCalibration> {
  const scores = new Float64Array(count);
  const peaks = new Float64Array(count);
  const zones: ZoneValues[] = [];
  const folds = Math.min(FOLDS, count);
  for (let fold = 0; fold < folds; fold++) {
    const all = Array.from({ length: count }, (_, i) => i);
    const out = all.filter((i) => i % FOLDS === fold);
    const rest = all.filter((i) => i % FOLDS !== fold);
    const leftOut = await refitted(heads, refit, rest, (share) => breathe((fold + share) / folds));
    const found = await leftOutScores(leftOut, refit.judged(out), recipe, units.factors);
    for (const [at, picture] of out.entries()) {
      scores[picture] = found.scores[at];
      peaks[picture] = found.peaks[at];
      if (found.zones) zones[picture] = found.zones[at];
    }
  }
  const judged = { scores, peaks };
  return withThresholds(units, recipe.decision ? { ...judged, zones } : judged, recipe);
}

/** Where there is no fresh head, the finished one's own leave-one-out. */
async function refitted(
  heads: readonly HeadTraining[],
  { fresh, taught }: Refit,
  pictures: readonly number[],
  breathe: Breathe,
): Promise<LeaveOneOutDistances[]> {
  const anew = heads.map((_, detector) => fresh(detector, pictures.length));
  const learning = anew.flatMap((head, detector) => (head === null ? [] : [{ head, detector }]));
  const ofThese = async function* (): AsyncGenerator<EmbeddedTraining, void, void> {
    for await (const { embeddings, ...picture } of taught(pictures))
      yield { ...picture, embeddings: learning.map(({ detector }) => embeddings[detector]) };
  };
  await learn(
    learning.map(({ head }) => head),
    ofThese,
    breathe,
  );
  return heads.map((head, i) => (anew[i] ?? head).leaveOneOut());
}
