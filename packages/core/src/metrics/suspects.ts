/** Which of the "good" training pictures look least like the others: a look at them is worth more than their share. */
import { DEVIATION_TO_SIGMA, median } from "./median.js";

/** A training picture whose score stands out. */
export interface Suspect {
  /** Its place in the list of scores. */
  readonly index: number;
  readonly score: number;
  /** How many (robust) standard deviations its score lies above the median. */
  readonly deviations: number;
}

/**
 * Leave-one-out scores of clean sets of 40 to 200 parts reach 2 to 5 deviations; the two oddest good bottles of MVTec AD
 * lie at 9.
 */
const STANDS_OUT = 5;

/**
 * The highest leave-one-out scores that stand out, highest first.
 * @param scores raw units, one for each training picture; equal scores give no suspects.
 * @param most how many to name.
 */
export function suspectsOf(scores: ArrayLike<number>, most = 5): Suspect[] {
  return rankedByScore(scores)
    .filter(({ deviations }) => deviations >= STANDS_OUT)
    .slice(0, most);
}

/** All pictures by score, highest first; of equal scores the earlier picture first. */
export function rankedByScore(scores: ArrayLike<number>): Suspect[] {
  const list = Array.from(scores);
  const middle = median(list);
  const sigma = DEVIATION_TO_SIGMA * median(list.map((score) => Math.abs(score - middle)));
  return list
    .map((score, index) => ({ index, score, deviations: sigma > 0 ? (score - middle) / sigma : 0 }))
    .sort((a, b) => b.score - a.score || a.index - b.index);
}
