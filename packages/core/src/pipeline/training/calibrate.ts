/**
 * Calibration from good pictures alone: what a model that has not seen them would say of the training pictures → one
 * unit for all detectors → scores → thresholds for the asked false-alarm rate.
 */

import { detectorsOf } from "../../bundle/detectors-of.js";
import { BlemishError } from "../../errors.js";
import { type FalseAlarmPromise, promiseFor, promiseOf } from "../../metrics/promise.js";
import { runningMoments } from "../../metrics/running-moments.js";
import type { Decision } from "../../stages/decision/decision.js";
import { zoneLabels, zoneOf } from "../../stages/decision/zone-labels.js";
import { scoreMapper } from "../../stages/score-map/score-map.js";
import { distanceGrids } from "../distance-grids.js";
import type { Recipe } from "../recipe/recipe.js";
import type { HeadTraining, LeaveOneOutDistances } from "./head-training.js";
import type { EmbeddedTraining } from "./learn.js";
import { familyScores, type ZoneValues } from "./zone-calibration.js";

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
  /** The pixel threshold: at the asked rate of good parts no pixel reaches it. With filters and zones the image threshold. */
  readonly pixel: FalseAlarmPromise;
  /** The lower threshold of a grey zone. Absent = none was asked for. */
  readonly uncertain?: FalseAlarmPromise;
  /** Filters and zones with their units. Absent = none. */
  readonly decision?: Decision;
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
export interface LeftOutScores extends Pick<LeaveOneOutCalibration, "scores" | "peaks"> {
  /** The same of each zone, before zones are weighed; absent without filters and zones. */
  readonly zones?: readonly ZoneValues[];
}

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
  const { size, sigma, upsampling = "bilinear", score: rule, ignoreBorder, decision } = recipe;
  const zones = decision?.zones.map((zone) => ({ ...zone, weight: 1, unit: 1 }));
  const grids = distanceGrids(recipe.passes, factors);
  const judged = recipe.judged === undefined ? {} : { judged: recipe.judged };
  const toMap = scoreMapper({
    ...size,
    ...judged,
    sigma,
    upsampling,
    score: rule,
    ignoreBorder,
    grids,
    ...(zones && { zones }),
  });
  const zonePeaks = zones && peaksByZone(zoneLabels({ zones }, size.width, size.height), zones.length);
  const scores: number[] = [];
  const peaks: number[] = [];
  const values: ZoneValues[] = [];
  for await (const distances of together(leftOut, pictures)) {
    const { map, score, zones: own } = toMap(distances);
    // A head that has a score of its own is alone.
    scores.push(leftOut[0].score?.() ?? score);
    peaks.push(highest(map.data));
    if (own && zonePeaks) values.push({ scores: own, peaks: zonePeaks(map.data) });
  }
  const all = { scores: Float64Array.from(scores), peaks: Float64Array.from(peaks) };
  return zones ? { ...all, zones: values } : all;
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

/** Thresholds for the asked rates. @throws MODEL_STATISTICS for scores that are not finite, or all 0. */
export function withThresholds(
  units: DetectorUnits,
  judged: LeftOutScores,
  { falseAlarmRate: rate, uncertainRate, decision }: Recipe,
): LeaveOneOutCalibration {
  const family = decision && judged.zones ? familyScores(decision, judged.zones) : null;
  const { scores, peaks } = family ?? judged;
  const promise = family ? promiseAboveZero : promiseFor;
  const image = promise(scores, rate);
  return {
    ...units,
    scores,
    peaks,
    image,
    pixel: family ? image : promiseFor(peaks, rate),
    ...(uncertainRate !== undefined && { uncertain: promise(scores, uncertainRate) }),
    ...(family && { decision: family.decision }),
  };
}

/** A score of 0 says that nothing passed a filter: only a threshold above it can call anything. */
function promiseAboveZero(scores: Float64Array, rate: number): FalseAlarmPromise {
  const promise = promiseFor(scores, rate);
  if (promise.threshold > 0) return promise;
  const lowest = scores.reduce(
    (least, one) => (one > 0 && one < least ? one : least),
    Number.POSITIVE_INFINITY,
  );
  if (lowest < Number.POSITIVE_INFINITY) return { ...promise, ...promiseOf(scores, lowest) };
  throw new BlemishError("MODEL_STATISTICS", {
    subject: "The training pictures",
    expected: "at least one score above 0, so that there is something to compare with",
    found: "none: the filters leave nothing of any of them, or the map is 0 everywhere",
  });
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

/** The highest value of a map in each zone. */
function peaksByZone(labels: Uint8Array, count: number): (map: Float32Array) => number[] {
  return (map) => {
    const peaks = new Array<number>(count).fill(0);
    for (let i = 0; i < map.length; i++) {
      const zone = zoneOf(labels[i]);
      if (zone >= 0 && map[i] > peaks[zone]) peaks[zone] = map[i];
    }
    return peaks;
  };
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
