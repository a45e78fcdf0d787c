/**
 * A place that a model should have found, against the numbers that the model gives: how hot it is, what else is hot, where
 * that lies among good parts, which threshold would have found it and how many false alarms that would cost. Nothing is
 * tuned on the picture: every promise rests on the scores of good parts alone.
 */
import type { ModelDescription } from "../anomalib/model-description.js";
import { detectorsOf } from "../bundle/detectors-of.js";
import type { ModelFile } from "../bundle/model-file.js";
import { BlemishError } from "../errors.js";
import { type FalseAlarmPromise, promiseOf } from "../metrics/promise.js";
import type { Decision } from "../stages/decision/decision.js";
import { regionScorer } from "../stages/decision/region-score.js";
import { zoneLabels } from "../stages/decision/zone-labels.js";
import type { FloatMap, Mask } from "../stages/image/image.js";
import { touchedMask, widenedMask } from "../stages/image/touched-mask.js";
import type { Judgement } from "../stages/postprocess/result.js";
import { placeAsSeen } from "../stages/preprocess/place-as-seen.js";
import { sharesOfPicture } from "../stages/region/mask-on-map.js";
import { isMarked, markedPixels } from "../stages/region/runs.js";
import { viewOf } from "../stages/region/trained-picture.js";
import { imageScore, type ScoreRule } from "../stages/score-map/image-score.js";

/** A hot place of a map. */
export interface HotPlace {
  /** Where it is hottest, as shares of the picture's sides, 0–1. */
  readonly x: number;
  readonly y: number;
  /** The map's value there, in the map's units. */
  readonly peak: number;
}

/** Where a number lies among those of good parts that were left out of their own model. */
export interface RankAmongGoods {
  /** Good parts with a smaller number. */
  readonly below: number;
  /** Good parts in all. */
  readonly count: number;
}

/** A threshold and what it promises about good parts to come. */
export type ThresholdPromise = Omit<FalseAlarmPromise, "asked" | "reached">;

/** A threshold that would have found it. */
export interface CatchingThreshold {
  /** Five digits, a little below what is to be reached. */
  readonly threshold: number;
  /** null for a model without scores of good parts. */
  readonly promise: ThresholdPromise | null;
}

/** What is known about a missed place. Scores and maps are raw, or normalised where the model gives only that. */
export interface MissFacts {
  readonly score: number;
  /** The image threshold that decided, and whether the picture is called anomalous. */
  readonly threshold: number;
  readonly anomalous: boolean;
  /** The score it would have if the place and its surroundings were not hot; null where another graph makes the score. */
  readonly scoreWithout: number | null;
  /** The marked place. */
  readonly place: HotPlace & {
    /** Share of the picture that is marked, 0–1. */
    readonly area: number;
    /** Share of it that the model's mask covers, 0–1; null without a mask. */
    readonly covered: number | null;
  };
  /** The hottest place elsewhere, away from the marked one; null when that leaves nothing. */
  readonly rest: HotPlace | null;
  /** Where the picture is hottest: at the marked place, or elsewhere. */
  readonly hottest: "place" | "elsewhere";
  readonly pixelThreshold: number | null;
  /** Among the training pictures; null for a model without their scores. */
  readonly rank: {
    /** Of the picture's score. */
    readonly picture: RankAmongGoods;
    /** Of the place's peak among the peaks of good parts; null for a model that does not keep these. */
    readonly place: RankAmongGoods | null;
  } | null;
  /** What the model's own threshold promises; null for a model without scores of good parts. */
  readonly now: ThresholdPromise | null;
  /** The image threshold that would have called the picture anomalous; null for a score of 0. */
  readonly catching: CatchingThreshold | null;
  /** The pixel threshold that would have marked the place; null for a peak of 0, and where the image threshold is that, too. */
  readonly marking: CatchingThreshold | null;
}

/** What a model says of a picture. */
export type JudgedPicture = Pick<
  Judgement,
  "rawScore" | "predScore" | "imageThreshold" | "pixelThreshold" | "predLabel" | "rawMap" | "predMask"
>;

/** What judged it. */
export interface JudgingModel {
  readonly description: Pick<ModelDescription, "preprocessing" | "scoreSource" | "picture">;
  /** null = an exported graph that no model file stands for. */
  readonly model: Pick<ModelFile, "manifest" | "scores" | "peaks"> | null;
}

/**
 * The facts about a marked place of a judged picture.
 * @param mask of the picture's size, 1 = marked.
 * @throws BlemishError MASK when nothing is marked, or nothing that the model sees; MODEL_OUTPUT for a model without a map.
 */
export function missFacts(judged: JudgedPicture, mask: Mask, judge: JudgingModel): MissFacts {
  const { rawMap: map, predMask, imageThreshold, pixelThreshold, predLabel } = judged;
  if (map === null) throw noMap();
  if (!mask.data.some((value) => value !== 0)) throw nothingMarked("none");
  const place = placeAsSeen(mask, judge.description.preprocessing, map);
  const around = widenedMask(place, surroundings(map, judge));
  const inPicture = (hot: HotPlace | null) =>
    hot && { ...hot, ...sharesOfPicture(hot, viewOf(mask, judge.description.picture), mask) };
  const inside = inPicture(hottestOf(map, place.data, 1));
  const rest = inPicture(hottestOf(map, around.data, 0));
  if (inside === null) throw nothingMarked("a place that is cropped off before the model sees it");
  if (!isJudged(place, judge)) throw nothingMarked("a place that the model does not judge (--roi, --ignore)");
  const score = judged.rawScore ?? judged.predScore;
  // What is close to the place is its own heat.
  const near = hottestOf(map, around.data, 1) ?? inside;
  const evidence = evidenceOf(judge);
  return {
    score,
    threshold: imageThreshold,
    anomalous: predLabel,
    scoreWithout: scoreWithout(map, around, judge),
    place: { ...inside, area: shareOf(mask.data), covered: predMask && coveredShare(mask, predMask) },
    rest,
    hottest: rest === null || near.peak >= rest.peak ? "place" : "elsewhere",
    pixelThreshold,
    rank: evidence && {
      picture: rankOf(evidence.scores, score),
      place: evidence.peaks && rankOf(evidence.peaks, inside.peak),
    },
    now: evidence && promiseOf(evidence.scores, imageThreshold),
    catching: catchingBelow(score, evidence?.scores ?? null),
    marking: decisionOf(judge) === null ? catchingBelow(inside.peak, evidence?.peaks ?? null) : null,
  };
}

/** Map pixels around a place that its heat may reach: one cell of the coarsest grid, and the blur. */
function surroundings(map: FloatMap, { model }: JudgingModel): number {
  if (model === null) return Math.ceil(map.width / 16);
  const { manifest } = model;
  const cells = detectorsOf(manifest).map(({ grid }) => map.width / grid.width);
  return Math.ceil(Math.max(...cells) + 2 * manifest.map.sigma);
}

/** The hottest pixel where the mask has the given value; the first of equals. */
function hottestOf({ data, width, height }: FloatMap, mask: Uint8Array, value: 0 | 1): HotPlace | null {
  let at = -1;
  for (let i = 0; i < data.length; i++) if (mask[i] === value && (at < 0 || data[i] > data[at])) at = i;
  if (at < 0) return null;
  return { x: ((at % width) + 0.5) / width, y: (Math.floor(at / width) + 0.5) / height, peak: data[at] };
}

function isJudged({ data }: Mask, { model }: JudgingModel): boolean {
  const judged = model?.manifest.map.judged;
  return judged === undefined || data.some((value, at) => value === 1 && isMarked(judged, at));
}

/** The score of the map with the place set to 0, by the rule that the model has. */
function scoreWithout(map: FloatMap, place: Mask, judge: JudgingModel): number | null {
  const { model } = judge;
  const rule = ruleOf(judge);
  if (rule === null) return null;
  const data = map.data.map((value, i) => (place.data[i] === 1 ? 0 : value));
  const decision = decisionOf(judge);
  if (decision === null) {
    const judged = model?.manifest.map.judged;
    return imageScore({ ...map, data }, rule, undefined, undefined, judged && markedPixels(judged));
  }
  const labels = zoneLabels(decision, map.width, map.height);
  return Math.max(...regionScorer(labels, decision.zones, map.width)(data));
}

/** Filters and zones of the model; null without. The map is weighed by them already. */
function decisionOf({ model }: JudgingModel): Decision | null {
  return model?.manifest.decision ?? null;
}

/** How the score follows from the map; null where it does not. */
function ruleOf({ description, model }: JudgingModel): ScoreRule | null {
  if (model?.manifest.origin === "blemish") return model.manifest.map.score;
  return description.scoreSource === "map-max" ? "max" : null;
}

interface Evidence {
  readonly scores: Float64Array;
  readonly peaks: Float64Array | null;
}

/** What good parts score and how hot they get; null for a model that does not know. */
function evidenceOf({ model }: JudgingModel): Evidence | null {
  if (model === null || model.scores === null || model.scores.length === 0) return null;
  const { scores, peaks, manifest } = model;
  // Where the score is the map's highest value, scores are peaks.
  const known = manifest.map.score === "max" ? scores : peaks;
  return { scores, peaks: known ?? null };
}

function rankOf(values: Float64Array, value: number): RankAmongGoods {
  return { below: values.filter((one) => one < value).length, count: values.length };
}

/** A threshold that is easily typed, strictly below the value. */
function catchingBelow(value: number, goods: Float64Array | null): CatchingThreshold | null {
  if (!(value > 0)) return null;
  const threshold = shortBelow(value);
  return { threshold, promise: goods && promiseOf(goods, threshold) };
}

/** The largest number of five digits below a positive one. */
export function shortBelow(value: number): number {
  const step = 10 ** (Math.floor(Math.log10(value)) - 4);
  for (let steps = Math.floor(value / step); ; steps--) {
    const short = Number((steps * step).toPrecision(5));
    if (short < value) return short;
  }
}

function coveredShare(mask: Mask, found: Mask): number {
  const same = found.width === mask.width && found.height === mask.height;
  const { data } = same ? found : touchedMask(found, mask.width, mask.height);
  let [marked, both] = [0, 0];
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] === 0) continue;
    marked++;
    if (data[i] !== 0) both++;
  }
  return both / marked;
}

function shareOf(data: Uint8Array): number {
  let marked = 0;
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) marked++;
  return marked / data.length;
}

function nothingMarked(found: string): BlemishError {
  return new BlemishError("MASK", {
    subject: "The marked place",
    expected: "at least one pixel of the defect",
    found,
  });
}

function noMap(): BlemishError {
  return new BlemishError("MODEL_OUTPUT", {
    subject: "The model",
    expected: "an anomaly map, so that a place of the picture can be looked at",
    found: "a score alone",
  });
}
