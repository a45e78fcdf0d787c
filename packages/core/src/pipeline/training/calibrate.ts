/**
 * Calibration from good pictures alone: what a model that has not seen them would say of the training pictures → one
 * unit for all detectors → scores → thresholds for the asked false-alarm rate.
 */

import { detectorsOf } from "../../bundle/detectors-of.js";
import { BlemishError } from "../../errors.js";
import { type FalseAlarmPromise, promiseFor } from "../../metrics/promise.js";
import { runningMoments } from "../../metrics/running-moments.js";
import { scoreMapper } from "../../stages/score-map/score-map.js";
import type { Recipe } from "../recipe/recipe.js";
import type { HeadTraining, LeaveOneOutDistances } from "./head-training.js";
import type { EmbeddedTraining } from "./learn.js";

/** Scores of the training pictures by models that have not seen them, and what follows. */
export interface LeaveOneOutCalibration {
  /** What each detector's distances are multiplied with before they are added. */
  readonly factors: readonly number[];
  /** Mean and deviation of each detector's leave-one-out distances; null where there is one detector alone. */
  readonly units: readonly { readonly mean: number; readonly deviation: number }[] | null;
  /** Image score of each picture, in order, raw units. */
  readonly scores: Float64Array;
  /** Highest value of each picture's map, in order, raw units. */
  readonly peaks: Float64Array;
  /** The image threshold and what it promises. */
  readonly image: FalseAlarmPromise;
  /** The pixel threshold: at the asked rate of good parts no pixel reaches it. */
  readonly pixel: FalseAlarmPromise;
}

/** Fewer training pictures leave nothing to compare a picture with. */
export const LEAST_PICTURES = 3;

/** Most pictures whose distances give the unit of a detector. */
const MOST_FOR_UNITS = 60;

/** Streams pictures of the training by their numbers, in that order. */
export type PictureStream = (numbers: readonly number[]) => AsyncIterable<EmbeddedTraining>;

/** What each detector's distances are multiplied with, and why. */
export type DetectorUnits = Pick<LeaveOneOutCalibration, "factors" | "units">;

/** Score and highest value of each picture, in order. */
export type LeftOutScores = Pick<LeaveOneOutCalibration, "scores" | "peaks">;

/**
 * One unit for all detectors, from evenly spaced pictures of the training: each is divided by the deviation of its own
 * leave-one-out distances, then weighed. Means are not subtracted: that would move every map and score by the same
 * number, which changes no decision, and distances stay what they are, 0 or more.
 * @param count number of training pictures.
 * @throws MODEL_STATISTICS with fewer than three pictures, or when the distances of a detector are all the same.
 */
export async function detectorUnits(
  leftOut: readonly LeaveOneOutDistances[],
  pictures: PictureStream,
  count: number,
  recipe: Recipe,
): Promise<DetectorUnits> {
  if (count < LEAST_PICTURES) throw tooFew(count);
  const detectors = detectorsOf(recipe);
  if (detectors.length === 1) return { factors: [1], units: null };
  const used = Math.min(count, MOST_FOR_UNITS);
  const numbers = Array.from({ length: used }, (_, i) => Math.floor((i * count) / used));
  const moments = leftOut.map(() => runningMoments());
  for await (const distances of together(leftOut, pictures(numbers)))
    for (const [i, values] of distances.entries()) moments[i].add(values);
  const units = moments.map(({ mean, deviation }) => ({ mean, deviation }));
  if (units.some(({ deviation }) => !(deviation > 0))) throw noSpread();
  return { units, factors: detectors.map(({ weight }, i) => weight / units[i].deviation) };
}

/** What the model would say of pictures that it has not seen. */
export async function leftOutScores(
  leftOut: readonly LeaveOneOutDistances[],
  pictures: AsyncIterable<EmbeddedTraining>,
  recipe: Recipe,
  factors: readonly number[],
): Promise<LeftOutScores> {
  const { size, sigma, upsampling = "bilinear", score: rule, ignoreBorder } = recipe;
  const grids = detectorsOf(recipe).map(({ grid }, i) => ({ ...grid, factor: factors[i] }));
  const toMap = scoreMapper({ ...size, sigma, upsampling, score: rule, ignoreBorder, grids });
  const scores: number[] = [];
  const peaks: number[] = [];
  for await (const distances of together(leftOut, pictures)) {
    const { map, score } = toMap(distances);
    // A head that has a score of its own is alone.
    scores.push(leftOut[0].score?.() ?? score);
    peaks.push(highest(map.data));
  }
  return { scores: Float64Array.from(scores), peaks: Float64Array.from(peaks) };
}

/**
 * Leave-one-out calibration.
 * @param heads all ready, in the order of the recipe's detectors.
 * @param pictures without turned copies.
 * @param count number of training pictures.
 * @throws MODEL_STATISTICS with fewer than three pictures, or when a detector's distances are all the same.
 */
export async function calibrate(
  heads: readonly HeadTraining[],
  pictures: PictureStream,
  count: number,
  recipe: Recipe,
): Promise<LeaveOneOutCalibration> {
  const leftOut = heads.map((head) => head.leaveOneOut());
  const units = await detectorUnits(leftOut, pictures, count, recipe);
  const all = Array.from({ length: count }, (_, i) => i);
  const judged = await leftOutScores(leftOut, pictures(all), recipe, units.factors);
  if (judged.scores.length !== count) throw differentPictures(count, judged.scores.length);
  return withThresholds(units, judged, recipe);
}

/** Thresholds for the asked rate. @throws MODEL_STATISTICS for scores that are not finite. */
export function withThresholds(
  units: DetectorUnits,
  { scores, peaks }: LeftOutScores,
  { falseAlarmRate: rate }: Recipe,
): LeaveOneOutCalibration {
  return { ...units, scores, peaks, image: promiseFor(scores, rate), pixel: promiseFor(peaks, rate) };
}

/** The distances of all detectors, picture by picture, though some detectors answer later than others. */
async function* together(
  leftOut: readonly LeaveOneOutDistances[],
  pictures: AsyncIterable<EmbeddedTraining>,
): AsyncGenerator<Float32Array[], void, void> {
  const queues: Float32Array[][] = leftOut.map(() => []);
  const complete = function* () {
    while (queues.every((queue) => queue.length > 0))
      yield queues.map((queue) => queue.shift() as Float32Array);
  };
  for await (const { picture, embeddings } of pictures) {
    for (const [i, scorer] of leftOut.entries()) queues[i].push(...scorer.take(embeddings[i].data, picture));
    yield* complete();
  }
  for (const [i, scorer] of leftOut.entries()) queues[i].push(...scorer.rest());
  yield* complete();
}

function highest(values: Float32Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > most) most = values[i];
  return most;
}

function tooFew(count: number): BlemishError {
  return new BlemishError("MODEL_STATISTICS", {
    subject: "The set of training pictures",
    expected: `at least ${LEAST_PICTURES} pictures of good parts to calibrate with`,
    found: `${count}`,
  });
}

function noSpread(): BlemishError {
  return new BlemishError("MODEL_STATISTICS", {
    subject: "The set of training pictures",
    expected: "pictures of different parts",
    found: "distances that are all the same",
  });
}

function differentPictures(fitted: number, scored: number): BlemishError {
  return new BlemishError("MODEL_STATISTICS", {
    subject: "The calibration",
    expected: `the ${fitted} pictures that the model was fitted on`,
    found: `${scored}`,
  });
}
