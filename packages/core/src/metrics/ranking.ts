/**
 * How well scores order good before anomalous: exact, over all distinct thresholds, rule "anomalous if score ≥ t".
 * Equal to scikit-learn on the same scores. For pictures; for millions of pixels see `pixel-histogram.ts`.
 */

/** Scores by true label. Higher = more anomalous. */
export interface LabelledScores {
  readonly good: ArrayLike<number>;
  readonly anomalous: ArrayLike<number>;
}

/** One threshold and what reaches it. */
export interface OperatingPoint {
  readonly threshold: number;
  /** Anomalous with score ≥ threshold (found), and good with score ≥ threshold (false alarms). */
  readonly found: number;
  readonly falseAlarms: number;
}

/** Every distinct score as a threshold, highest first, with the counts that reach it. */
export function operatingPoints({ good, anomalous }: LabelledScores): OperatingPoint[] {
  const goods = Float64Array.from(good).sort().reverse();
  const bads = Float64Array.from(anomalous).sort().reverse();
  const points: OperatingPoint[] = [];
  let [falseAlarms, found] = [0, 0];
  while (falseAlarms < goods.length || found < bads.length) {
    const threshold = Math.max(
      goods[falseAlarms] ?? Number.NEGATIVE_INFINITY,
      bads[found] ?? Number.NEGATIVE_INFINITY,
    );
    while (goods[falseAlarms] === threshold) falseAlarms++;
    while (bads[found] === threshold) found++;
    points.push({ threshold, found, falseAlarms });
  }
  return points;
}

/** Area under the ROC curve, 0–1: the chance that an anomalous part scores higher than a good one, ties half. NaN if a class is empty. */
export function auroc(scores: LabelledScores): number {
  const [goods, bads] = [scores.good.length, scores.anomalous.length];
  let [area, before] = [0, { found: 0, falseAlarms: 0 }];
  for (const point of operatingPoints(scores)) {
    area += (point.falseAlarms - before.falseAlarms) * (point.found + before.found) * 0.5;
    before = point;
  }
  return area / (goods * bads);
}

/** Average precision, 0–1: Σ (recall step · precision), as scikit-learn. NaN without anomalous scores. */
export function averagePrecision(scores: LabelledScores): number {
  const bads = scores.anomalous.length;
  let [sum, before] = [0, 0];
  for (const { found, falseAlarms } of operatingPoints(scores)) {
    sum += ((found - before) / bads) * (found / (found + falseAlarms));
    before = found;
  }
  return bads === 0 ? Number.NaN : sum;
}

/** The best F1 over all thresholds, and the lowest threshold that reaches it. NaN without anomalous scores. */
export function maxF1(scores: LabelledScores): { f1: number; threshold: number } {
  const bads = scores.anomalous.length;
  let best = { f1: Number.NaN, threshold: Number.NaN };
  for (const { threshold, found, falseAlarms } of operatingPoints(scores)) {
    const f1 = (2 * found) / (bads + found + falseAlarms);
    if (bads > 0 && !(f1 < best.f1)) best = { f1, threshold };
  }
  return best;
}

/**
 * Anomalib 0.7's adaptive threshold: the F1-optimal score, computed in float32 as torchmetrics 0.10 does, candidates
 * below the one that finds everything left out, the lowest threshold on ties; without anomalous scores the highest
 * good score. It sees the labels: use it for parity, not as a promise. Source: Anomalib 0.7 `AnomalyScoreThreshold`.
 */
export function adaptiveThreshold(scores: LabelledScores): number {
  const points = operatingPoints(scores);
  const total = scores.anomalous.length;
  if (total === 0) return points[0]?.threshold ?? Number.NaN;
  const f = Math.fround;
  let best = { f1: -1, threshold: Number.NaN };
  for (const { threshold, found, falseAlarms } of points) {
    const precision = f(f(found) / f(found + falseAlarms));
    const recall = f(f(found) / f(total));
    const f1 = f(f(f(2 * precision) * recall) / f(f(precision + recall) + f(1e-10)));
    if (f1 >= best.f1) best = { f1, threshold };
    if (found === total) break;
  }
  return best.threshold;
}
