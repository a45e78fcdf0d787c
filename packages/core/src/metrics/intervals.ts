/** How far a measured figure may be from the truth: exact binomial and bootstrap intervals. */
import { seededRandom } from "../random.js";
import { betaQuantile } from "./beta.js";
import type { LabelledScores } from "./ranking.js";

/** Both ends of an interval. */
export type Interval = readonly [low: number, high: number];

/** Clopper–Pearson interval (95 %) for a rate of `events` out of `total`; [0, 1] for a total of 0. */
export function binomialInterval(events: number, total: number): Interval {
  const low = events === 0 ? 0 : betaQuantile(0.025, events, total - events + 1);
  const high = events === total ? 1 : betaQuantile(0.975, events + 1, total - events);
  return [low, high];
}

/**
 * Percentile bootstrap interval (95 %) of a figure of labelled scores, resampling each class by itself; seeded.
 * [NaN, NaN] when a class is empty.
 */
export function bootstrapInterval(
  scores: LabelledScores,
  figure: (scores: LabelledScores) => number,
  draws = 1000,
  seed = 0,
): Interval {
  if (scores.good.length === 0 || scores.anomalous.length === 0) return [Number.NaN, Number.NaN];
  const random = seededRandom(seed);
  const resample = (list: ArrayLike<number>) => Float64Array.from(list, () => list[random.int(list.length)]);
  const figures = Float64Array.from({ length: draws }, () =>
    figure({ good: resample(scores.good), anomalous: resample(scores.anomalous) }),
  ).sort();
  return [figures[Math.floor(draws * 0.025)], figures[Math.ceil(draws * 0.975) - 1]];
}
