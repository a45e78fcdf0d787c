/**
 * Evaluation on labelled pictures: what the model finds, what it misses, how sure that is. Pictures are added one by
 * one and forgotten; nothing here can change a model.
 */

import { binomialInterval, bootstrapInterval, type Interval } from "../metrics/intervals.js";
import {
  addPixels,
  aupro,
  createPixelHistogram,
  pixelAuroc,
  pixelAveragePrecision,
  pixelMaxF1,
  proCurve,
} from "../metrics/pixel-histogram.js";
import { auroc, averagePrecision, maxF1, operatingPoints } from "../metrics/ranking.js";
import type { FloatMap, Mask } from "../stages/image/image.js";
import type { Runs } from "../stages/region/shapes.js";
import { groundTruthRegions } from "./ground-truth-regions.js";
import { judgedPixels } from "./judged-pixels.js";

/** One judged picture with its true label. */
export interface LabelledPicture {
  readonly path: string;
  readonly label: "good" | "anomalous";
  /** Kind of defect, a folder's name; "" for good pictures. */
  readonly defect: string;
  /** Raw image score, and whether the model called it anomalous. */
  readonly score: number;
  readonly predLabel: boolean;
  /** Raw anomaly map at model size; null for models without one. */
  readonly map: FloatMap | null;
  /** Ground truth at any size, 0 or 1; null = unknown (good pictures have none and count as all good). */
  readonly mask: Mask | null;
}

/** A picture of the evaluation, without its pixels. */
export interface ScoredPicture extends Omit<LabelledPicture, "map" | "mask"> {
  /** True between the thresholds of a grey zone; absent elsewhere. */
  readonly uncertain?: true;
}

/** How one kind of defect, or all of them, is found. */
export interface DefectFigures {
  readonly count: number;
  /** Called anomalous by the model's threshold. */
  readonly found: number;
  /** Called good: below the threshold, or below the lower one of a grey zone. */
  readonly escapes: number;
  /** Between the thresholds of a grey zone: neither found nor escaped. Absent without one. */
  readonly uncertain?: number;
  /** Share of escapes, 0–1, with its exact 95 % interval. */
  readonly escapeRate: number;
  readonly escapeInterval: Interval;
  /** Against all good pictures. */
  readonly imageAUROC: number;
}

/** All figures. Rates and areas are 0–1; a figure that cannot be computed is NaN (null in JSON). */
export interface Evaluation {
  readonly good: number;
  readonly anomalous: number;
  readonly imageThreshold: number;
  readonly imageAUROC: number;
  /** 95 % bootstrap interval over the test pictures (seeded, 1000 draws). */
  readonly imageAUROCInterval: Interval;
  readonly imageAP: number;
  readonly imageMaxF1: number;
  /** The threshold that reaches `imageMaxF1`; it has seen the labels. */
  readonly imageMaxF1Threshold: number;
  /** F1 at the model's own threshold. */
  readonly imageF1: number;
  readonly falseAlarms: number;
  readonly falseAlarmRate: number;
  readonly falseAlarmInterval: Interval;
  readonly escapes: number;
  readonly escapeRate: number;
  readonly escapeInterval: Interval;
  /** What a grey zone leaves to a person; absent without one. Uncertain pictures are no false alarms and no escapes. */
  readonly uncertain?: UncertainFigures;
  /** Pixel figures at the map's size, masks resized with nearest neighbour as Anomalib does; NaN without masks. */
  readonly pixelAUROC: number;
  readonly pixelAP: number;
  readonly pixelMaxF1: number;
  /** MVTec AD definition up to a false-positive rate of 0.3, which Anomalib's agrees with. */
  readonly AUPRO: number;
  readonly defects: Readonly<Record<string, DefectFigures>>;
  /** Said in words: what looks wrong with the labels or the data. */
  readonly warnings: readonly string[];
}

/** Pictures between the thresholds of a grey zone. */
export interface UncertainFigures {
  /** The lower threshold, raw. */
  readonly threshold: number;
  /** Good and anomalous pictures between both. */
  readonly good: number;
  readonly anomalous: number;
  /** Share of all good, and of all anomalous pictures, 0–1, with exact 95 % intervals. */
  readonly goodRate: number;
  readonly goodInterval: Interval;
  readonly anomalousRate: number;
  readonly anomalousInterval: Interval;
}

/** Points of a curve for a plot; both axes 0–1. */
export interface Curve {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** An evaluation under way. */
export interface Evaluator {
  /** Adds one picture; its map and mask are not kept. */
  add(picture: LabelledPicture): void;
  /** The figures of all pictures so far. */
  figures(): Evaluation;
  /** ROC curve of the image scores, and PRO curve of the maps up to 0.3 (null without masks). */
  curves(): { readonly roc: Curve; readonly pro: Curve | null };
  /** All pictures so far, in order. */
  readonly pictures: readonly ScoredPicture[];
}

/**
 * Starts an evaluation at the model's raw image threshold.
 * @param judged pixels of the map that the model judges; only they count for pixels. Absent = all.
 * @param uncertainThreshold the lower threshold of a grey zone; null = there is none.
 */
export function evaluator(
  imageThreshold: number,
  judged?: Runs,
  uncertainThreshold: number | null = null,
): Evaluator {
  const isUncertain = ({ predLabel, score }: LabelledPicture) =>
    uncertainThreshold !== null && !predLabel && score >= uncertainThreshold;
  const pictures: ScoredPicture[] = [];
  const pixels = createPixelHistogram();
  return {
    pictures,
    add(labelled) {
      const { map, mask, ...picture } = labelled;
      pictures.push(isUncertain(labelled) ? { ...picture, uncertain: true } : picture);
      if (map === null || (picture.label === "anomalous" && mask === null)) return;
      const truth = mask === null ? null : groundTruthRegions(mask, map);
      const { values, regions } = judgedPixels(map.data, truth, judged);
      addPixels(pixels, values, regions);
    },
    figures: () => ({
      ...imageFigures(pictures, imageThreshold, uncertainThreshold),
      ...pixelFigures(pixels),
      warnings: warningsOf(pictures),
    }),
    curves() {
      const { good, anomalous } = scoresOf(pictures);
      const points = operatingPoints({ good, anomalous });
      const roc = {
        x: [0, ...points.map(({ falseAlarms }) => falseAlarms / good.length)],
        y: [0, ...points.map(({ found }) => found / anomalous.length)],
      };
      if (pixels.regions === 0) return { roc, pro: null };
      const { fpr, pro } = proCurve(pixels, 0.3);
      return { roc, pro: { x: fpr, y: pro } };
    },
  };
}

function scoresOf(pictures: readonly ScoredPicture[]) {
  const of = (label: ScoredPicture["label"]) =>
    pictures.filter((one) => one.label === label).map(({ score }) => score);
  return { good: of("good"), anomalous: of("anomalous") };
}

function imageFigures(
  pictures: readonly ScoredPicture[],
  imageThreshold: number,
  uncertainThreshold: number | null,
) {
  const scores = scoresOf(pictures);
  const falseAlarms = pictures.filter(({ label, predLabel }) => label === "good" && predLabel).length;
  const grey = uncertainThreshold !== null;
  const bad = defectFigures(pictures, scores.good, null, grey);
  const best = maxF1(scores);
  const defects = [
    ...new Set(pictures.filter(({ label }) => label === "anomalous").map(({ defect }) => defect)),
  ].sort();
  return {
    good: scores.good.length,
    anomalous: scores.anomalous.length,
    imageThreshold,
    imageAUROC: auroc(scores),
    imageAUROCInterval: bootstrapInterval(scores, auroc),
    imageAP: averagePrecision(scores),
    imageMaxF1: best.f1,
    imageMaxF1Threshold: best.threshold,
    imageF1: (2 * bad.found) / (2 * bad.found + falseAlarms + bad.count - bad.found),
    falseAlarms,
    falseAlarmRate: falseAlarms / scores.good.length,
    falseAlarmInterval: binomialInterval(falseAlarms, scores.good.length),
    escapes: bad.escapes,
    escapeRate: bad.escapeRate,
    escapeInterval: bad.escapeInterval,
    ...(grey && { uncertain: uncertainFigures(pictures, uncertainThreshold) }),
    defects: Object.fromEntries(
      defects.map((defect) => [defect, defectFigures(pictures, scores.good, defect, grey)]),
    ),
  };
}

function uncertainFigures(pictures: readonly ScoredPicture[], threshold: number): UncertainFigures {
  const of = (label: ScoredPicture["label"]) => {
    const own = pictures.filter((one) => one.label === label);
    const count = own.filter(({ uncertain }) => uncertain === true).length;
    return { count, rate: count / own.length, interval: binomialInterval(count, own.length) };
  };
  const [good, anomalous] = [of("good"), of("anomalous")];
  return {
    threshold,
    good: good.count,
    anomalous: anomalous.count,
    goodRate: good.rate,
    goodInterval: good.interval,
    anomalousRate: anomalous.rate,
    anomalousInterval: anomalous.interval,
  };
}

function defectFigures(
  pictures: readonly ScoredPicture[],
  good: readonly number[],
  defect: string | null,
  grey: boolean,
): DefectFigures {
  const own = pictures.filter(
    (one) => one.label === "anomalous" && (defect === null || one.defect === defect),
  );
  const found = own.filter(({ predLabel }) => predLabel).length;
  const uncertain = own.filter((one) => one.uncertain === true).length;
  const escapes = own.length - found - uncertain;
  return {
    count: own.length,
    found,
    escapes,
    ...(grey && { uncertain }),
    escapeRate: escapes / own.length,
    escapeInterval: binomialInterval(escapes, own.length),
    imageAUROC: auroc({ good, anomalous: own.map(({ score }) => score) }),
  };
}

function pixelFigures(pixels: ReturnType<typeof createPixelHistogram>) {
  if (pixels.regions === 0)
    return { pixelAUROC: Number.NaN, pixelAP: Number.NaN, pixelMaxF1: Number.NaN, AUPRO: Number.NaN };
  return {
    pixelAUROC: pixelAuroc(pixels),
    pixelAP: pixelAveragePrecision(pixels),
    pixelMaxF1: pixelMaxF1(pixels).f1,
    AUPRO: aupro(pixels),
  };
}

function warningsOf(pictures: readonly ScoredPicture[]): string[] {
  const scores = scoresOf(pictures);
  const warnings: string[] = [];
  if (scores.good.length === 0) warnings.push("There are no good pictures: false alarms cannot be measured.");
  if (scores.anomalous.length === 0)
    warnings.push("There are no anomalous pictures: escapes cannot be measured.");
  if (auroc(scores) < 0.5)
    warnings.push(
      "Good pictures score higher than anomalous ones (AUROC below 0.5): are the labels swapped?",
    );
  return warnings;
}
