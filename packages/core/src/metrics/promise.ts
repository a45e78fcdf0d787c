/**
 * What a threshold taken from scores of good parts promises about good parts to come. Only one assumption: the parts
 * to come are drawn like those that were seen (exchangeable). Two statements are kept apart:
 * the *expected* rate holds on average over training sets; the *guaranteed* rate is not exceeded with 95 % confidence.
 * Source: order statistics; split conformal prediction (Vovk et al. 2005).
 */
import { BlemishError } from "../errors.js";
import { betaQuantile } from "./beta.js";

/** How sure a guarantee is. */
export const CONFIDENCE = 0.95;

/** A threshold and what it promises. Rates are shares of good parts, 0–1. */
export interface FalseAlarmPromise {
  /** Raw units; a part whose score is ≥ this is called anomalous. */
  readonly threshold: number;
  /** The false-alarm rate that was asked for. */
  readonly asked: number;
  /** Number of scores it rests on. */
  readonly count: number;
  /** The threshold is the `rank`-th smallest of them, 1 to `count`. */
  readonly rank: number;
  /** At most this on average over training sets. */
  readonly expectedRate: number;
  /** Not exceeded with 95 % confidence. */
  readonly guaranteedRate: number;
  /** False when there are too few scores for the asked rate: the threshold is then the highest score. */
  readonly reached: boolean;
}

/**
 * The threshold for a target false-alarm rate: the k-th smallest score, k = ⌈(N + 1)(1 − α)⌉, the highest if k > N.
 * @param scores of good parts by a model that was not fitted on them (leave-one-out), raw units, not empty.
 * @param rate α, in (0, 1).
 * @throws OPTION_VALUE for a rate outside (0, 1); MODEL_STATISTICS without scores or with NaN among them.
 */
export function promiseFor(scores: ArrayLike<number>, rate: number): FalseAlarmPromise {
  checkRate(rate);
  const sorted = Float64Array.from(scores).sort();
  const count = sorted.length;
  if (count === 0 || sorted.some(Number.isNaN)) throw badScores(count);
  // (N+1)(1−α) is often a whole number that floating point misses by a hair.
  const wanted = Math.ceil((count + 1) * (1 - rate) - 1e-9);
  const rank = Math.max(1, Math.min(wanted, count));
  return { threshold: sorted[rank - 1], asked: rate, ...ratesOf(count, rank), reached: wanted <= count };
}

/** What the promise would be for the same asked rate with another number of pictures. */
export function promiseWith(count: number, rate: number): Omit<FalseAlarmPromise, "threshold"> {
  const wanted = Math.ceil((count + 1) * (1 - rate) - 1e-9);
  return { asked: rate, ...ratesOf(count, Math.max(1, Math.min(wanted, count))), reached: wanted <= count };
}

/**
 * What any threshold promises: that of the highest score not above it; nothing (rate 1) when it is below all of them.
 */
export function promiseOf(
  scores: ArrayLike<number>,
  threshold: number,
): Omit<FalseAlarmPromise, "asked" | "reached"> {
  let rank = 0;
  for (let i = 0; i < scores.length; i++) if (scores[i] <= threshold) rank++;
  const count = scores.length;
  return {
    threshold,
    ...(rank === 0 ? { count, rank, expectedRate: 1, guaranteedRate: 1 } : ratesOf(count, rank)),
  };
}

function ratesOf(count: number, rank: number) {
  const expectedRate = (count + 1 - rank) / (count + 1);
  return { count, rank, expectedRate, guaranteedRate: betaQuantile(CONFIDENCE, count + 1 - rank, rank) };
}

/** @throws OPTION_VALUE for a false-alarm rate outside (0, 1). */
export function checkRate(rate: number): void {
  if (!(rate > 0 && rate < 1)) throw badRate(rate);
}

/**
 * @throws OPTION_VALUE for a rate of uncertain pictures that is outside (0, 1) or not above the false-alarm rate: its threshold
 *   has to be the lower one.
 */
export function checkUncertainRate(uncertain: number, falseAlarmRate: number): void {
  if (uncertain > falseAlarmRate && uncertain < 1) return;
  throw new BlemishError("OPTION_VALUE", {
    subject: "The rate of uncertain pictures (--uncertain)",
    expected: `a share above the false-alarm rate, ${falseAlarmRate}, and below 1`,
    found: String(uncertain),
  });
}

function badRate(rate: number): BlemishError {
  return new BlemishError("OPTION_VALUE", {
    subject: "The false-alarm rate",
    expected: "a share between 0 and 1, such as 0.05 or 5%",
    found: String(rate),
  });
}

function badScores(count: number): BlemishError {
  return new BlemishError("MODEL_STATISTICS", {
    subject: "The calibration",
    expected: "finite scores of good pictures",
    found: count === 0 ? "none" : "NaN among them",
  });
}
