/**
 * Limits learnt from good pictures alone. They are wide: a part with a defect must be judged and not refused, and so must
 * every good part of the same kind. What the pictures do not support is not learnt, and it is said why.
 */
import { highest, lowest, type Spread, spreadOf } from "../../linalg/robust-spread.js";
import { type LookComparison, lookComparer } from "./compare-looks.js";
import type { PictureMeasures } from "./measure-picture.js";
import { boundsOf } from "./robust-bounds.js";
import {
  LOOK_SIDE,
  type RuleName,
  type RuleNotLearnt,
  type ValidityModel,
  type ValidityRule,
} from "./validity-rules.js";

/** Fewer pictures say too little about how much they differ. */
export const LEAST_LEARNT = 10;

/** Pictures that are compared with the mean one, spread over all. */
const MOST_COMPARED = 500;

/** What the rules can be learnt without. */
export interface ValidityChoice {
  /** False where parts are aligned before they are judged: then their place is no reason to refuse them. Default true. */
  readonly place?: boolean;
}

/** The rules; null for fewer than {@link LEAST_LEARNT} pictures. Numbers have six digits, the same on every machine. */
export function learnValidity(
  pictures: readonly PictureMeasures[],
  { place = true }: ValidityChoice = {},
): ValidityModel | null {
  if (pictures.length < LEAST_LEARNT) return null;
  const rules: ValidityRule[] = [];
  const notLearnt: RuleNotLearnt[] = [];
  const add = (learnt: ValidityRule | RuleNotLearnt) => {
    if ("reason" in learnt) notLearnt.push(learnt);
    else rules.push(learnt);
  };
  add(shapeRule(pictures));
  add(sizeRule(pictures));
  for (const rule of ["brightness", "black", "white", "contrast"] as const) add(lightRule(rule, pictures));
  add(colourRule(pictures));
  add(sharpnessRule(pictures));
  const look = meanLook(pictures);
  for (const learnt of lookRules(pictures, look, place)) add(learnt);
  const compared = rules.some(({ rule }) => rule === "likeness" || rule === "place");
  return {
    pictures: pictures.length,
    rules,
    notLearnt,
    look: compared ? Uint8Array.from(look, Math.round) : null,
  };
}

/** Deviations, estimated robustly, that a limit lies from the median at least. */
const DEVIATIONS = 8;

/** By how much each measure may differ at least, in its own unit, given the median. */
const LEEWAY = {
  brightness: (middle: number) => Math.max(12, 0.2 * middle),
  contrast: (middle: number) => Math.max(8, 0.25 * middle),
  black: () => 0.15,
  white: () => 0.15,
  sharpness: () => 0.6,
  likeness: () => 0.2,
  place: () => 0.04,
} as const satisfies Partial<Record<RuleName, (middle: number) => number>>;

function spread(rule: keyof typeof LEEWAY, values: readonly number[]): Spread {
  return spreadOf(values, DEVIATIONS, LEEWAY[rule]);
}

function lightRule(
  rule: "brightness" | "black" | "white" | "contrast",
  pictures: readonly PictureMeasures[],
) {
  const values = pictures.map((picture) => picture[rule]);
  const share = rule === "black" || rule === "white";
  // A picture in which nothing is clipped is a good thing.
  return boundsOf(rule, spread(rule, values), share ? "high" : "both");
}

function sharpnessRule(pictures: readonly PictureMeasures[]): ValidityRule {
  const values = pictures.map(({ sharpness }) => sharpness);
  return boundsOf("sharpness", spread("sharpness", values), "low");
}

/** Widths over heights that count as the same shape. */
const SAME_SHAPE = 1.02;

/** Shapes further apart than this are of different cameras, not of one. */
const ONE_SHAPE = 1.05;

function shapeRule(pictures: readonly PictureMeasures[]): ValidityRule | RuleNotLearnt {
  const values = pictures.map(({ width, height }) => width / height);
  const [low, high] = [lowest(values), highest(values)];
  if (high / low > ONE_SHAPE) return { rule: "shape", reason: "The good pictures have several shapes." };
  return {
    rule: "shape",
    low: digits(low / SAME_SHAPE),
    high: digits(high * SAME_SHAPE),
    good: { low: digits(low), high: digits(high) },
  };
}

/** Larger pictures are reduced to what the network sees; in much smaller ones details are missing. */
function sizeRule(pictures: readonly PictureMeasures[]): ValidityRule {
  const values = pictures.map(({ width, height }) => Math.max(width, height));
  const [low, high] = [lowest(values), highest(values)];
  return { rule: "size", low: Math.ceil(low / 2), high: null, good: { low, high } };
}

/** Mean difference of channels up to which a picture is grey but for compression. */
const GREY = 1;

function colourRule(pictures: readonly PictureMeasures[]): ValidityRule | RuleNotLearnt {
  const values = pictures.map(({ colour }) => colour);
  const good = { low: digits(lowest(values)), high: digits(highest(values)) };
  if (good.high === 0) return { rule: "colour", low: null, high: GREY, good };
  if (good.low >= GREY) return { rule: "colour", low: digits(good.low / 10), high: null, good };
  return { rule: "colour", reason: "Some good pictures are grey, or nearly, and others are not." };
}

/** Good parts less alike than this have no common look. */
const ALIKE = 0.5;

/** Good parts farther than this from their mean place, in sides of the picture, have none. */
const SCATTERED = 0.08;

/** Likeness and place, each picture compared with the mean of the others. */
function lookRules(
  pictures: readonly PictureMeasures[],
  mean: Float64Array,
  place: boolean,
): (ValidityRule | RuleNotLearnt)[] {
  if (!place) {
    const reason = "Pictures are aligned first, which says how alike they are and where the part lies.";
    return [
      { rule: "likeness", reason },
      { rule: "place", reason },
    ];
  }
  const compared = comparisons(pictures, mean);
  const likeness = spread(
    "likeness",
    compared.map((one) => one.likeness),
  );
  if (likeness.middle - likeness.half < 0 || lowest(compared.map((one) => one.likeness)) < ALIKE) {
    const reason = "The good pictures have too little in common: textures, or parts that lie anywhere.";
    return [
      { rule: "likeness", reason },
      { rule: "place", reason },
    ];
  }
  const distances = compared.map(({ distance }) => distance);
  if (highest(distances) > SCATTERED) {
    const reason = "The good parts lie in different places, or look alike when they are moved.";
    return [boundsOf("likeness", likeness, "low"), { rule: "place", reason }];
  }
  return [boundsOf("likeness", likeness, "low"), boundsOf("place", spread("place", distances), "high")];
}

function comparisons(pictures: readonly PictureMeasures[], mean: Float64Array): LookComparison[] {
  const count = pictures.length;
  const step = Math.max(1, Math.ceil(count / MOST_COMPARED));
  const others = new Float64Array(mean.length);
  return pictures
    .filter((_, i) => i % step === 0)
    .map(({ look }) => {
      for (let i = 0; i < others.length; i++) others[i] = (mean[i] * count - look[i]) / (count - 1);
      return lookComparer(others)(look);
    });
}

function meanLook(pictures: readonly PictureMeasures[]): Float64Array {
  const mean = new Float64Array(LOOK_SIDE * LOOK_SIDE);
  for (const { look } of pictures) for (let i = 0; i < mean.length; i++) mean[i] += look[i] / pictures.length;
  return mean;
}

function digits(value: number): number {
  return Number(value.toPrecision(6));
}
