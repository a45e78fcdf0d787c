/**
 * Two or more ways of scoring compared on the same parts: paired, so that what makes a part easy or hard for all of them
 * does not count.
 */
import { seededRandom } from "../random.js";
import type { Interval } from "./intervals.js";
import { auroc, type LabelledScores } from "./ranking.js";

/** Drawn resamples of a comparison. */
const DRAWS = 1000;

/** Halves that a nested estimate is averaged over. */
const SPLITS = 50;

/** The difference of two areas under the ROC curve, and its 95 % interval. */
export interface ScoreDifference {
  /** AUROC of `b` less that of `a`. */
  readonly difference: number;
  /** Paired bootstrap over the parts, each class by itself; seeded. */
  readonly interval: Interval;
  /** Whether the interval lies on one side of 0. */
  readonly decided: boolean;
}

/**
 * Compares two ways of scoring.
 * @param a of the same parts in the same order as `b`.
 */
export function compareScores(a: LabelledScores, b: LabelledScores): ScoreDifference {
  const random = seededRandom(0);
  const draw = (length: number) => Int32Array.from({ length }, () => random.int(length));
  const differences = Float64Array.from({ length: DRAWS }, () => {
    const goods = draw(a.good.length);
    const bads = draw(a.anomalous.length);
    return auroc(picked(b, goods, bads)) - auroc(picked(a, goods, bads));
  }).sort();
  const interval: Interval = [
    differences[Math.floor(DRAWS * 0.025)],
    differences[Math.ceil(DRAWS * 0.975) - 1],
  ];
  return { difference: auroc(b) - auroc(a), interval, decided: interval[0] > 0 || interval[1] < 0 };
}

/**
 * What the best of several ways is worth on parts that it was not chosen on: again and again it is chosen on one half of
 * the parts and measured on the other.
 * @param ways scores of the same parts in the same order.
 * @returns the mean AUROC on the other halves; NaN with fewer than two parts of a class.
 */
export function nestedAuroc(ways: readonly LabelledScores[]): number {
  const [first] = ways;
  if (first === undefined || first.good.length < 2 || first.anomalous.length < 2) return Number.NaN;
  const random = seededRandom(0);
  let sum = 0;
  for (let split = 0; split < SPLITS; split++) {
    const goods = random.shuffle(Array.from({ length: first.good.length }, (_, i) => i));
    const bads = random.shuffle(Array.from({ length: first.anomalous.length }, (_, i) => i));
    const [g, b] = [goods.length >> 1, bads.length >> 1];
    const chosen = bestOf(ways.map((way) => picked(way, goods.slice(0, g), bads.slice(0, b))));
    sum += auroc(picked(ways[chosen], goods.slice(g), bads.slice(b)));
  }
  return sum / SPLITS;
}

/** The way with the highest AUROC, the first of equal ones. */
function bestOf(ways: readonly LabelledScores[]): number {
  const areas = ways.map(auroc);
  return areas.indexOf(Math.max(...areas));
}

function picked(
  { good, anomalous }: LabelledScores,
  goods: ArrayLike<number>,
  bads: ArrayLike<number>,
): LabelledScores {
  return {
    good: Float64Array.from(goods, (i) => good[i]),
    anomalous: Float64Array.from(bads, (i) => anomalous[i]),
  };
}
