/** Whether a picture was taken like the good ones, rule by rule, with the evidence. */
import { BlemishError, type RuleEvidence } from "../../errors.js";
import type { RgbImage } from "../image/image.js";
import type { TrainedPicture } from "../region/trained-picture.js";
import { type LookComparison, lookComparer } from "./compare-looks.js";
import { measurePicture, type PictureMeasures } from "./measure-picture.js";
import { RULE_NAMES, type RuleName, type ValidityModel, type ValidityRule } from "./validity-rules.js";

/**
 * Measures a picture and holds it against the rules: one entry for each, in the order of `RULE_NAMES`.
 * @param judged what is judged of it; absent = all.
 * @throws IMAGE_PIXELS when data and size disagree.
 */
export function checkValidity(
  image: RgbImage,
  { rules, look }: ValidityModel,
  judged?: TrainedPicture,
): RuleEvidence[] {
  const measures = measurePicture(image, { judged });
  const comparison = look === null ? null : lookComparer(look)(measures.look);
  return RULE_NAMES.flatMap((name) => rules.filter(({ rule }) => rule === name)).map((rule) =>
    evidenceOf(rule, measures, comparison),
  );
}

function evidenceOf(
  { rule, low, high }: ValidityRule,
  measures: PictureMeasures,
  comparison: LookComparison | null,
): RuleEvidence {
  const value = measureOf(rule, measures, comparison);
  const ok = (low === null || value >= low) && (high === null || value <= high);
  const evidence = { rule, value: digits(value), low, high, ok };
  if (rule !== "place" || comparison === null) return evidence;
  const shift = {
    x: tenths(comparison.x * measures.width),
    y: tenths(comparison.y * measures.height),
  };
  return { ...evidence, shift };
}

function measureOf(rule: RuleName, measures: PictureMeasures, comparison: LookComparison | null): number {
  switch (rule) {
    case "shape":
      return measures.width / measures.height;
    case "size":
      return Math.max(measures.width, measures.height);
    case "likeness":
      return comparison?.likeness ?? 0;
    case "place":
      return comparison?.distance ?? 0;
    default:
      return measures[rule];
  }
}

/** What a broken rule means, by the side on which it is broken, and what to look at. */
const WORDS: Record<
  RuleName,
  { readonly low: string; readonly high: string; readonly measure: string; readonly look: string }
> = {
  shape: {
    low: "too narrow",
    high: "too wide",
    measure: "width over height",
    look: "the camera's picture size",
  },
  size: {
    low: "too small",
    high: "too large",
    measure: "longer side in pixels",
    look: "the camera's picture size",
  },
  brightness: { low: "too dark", high: "too bright", measure: "mean brightness", look: "lamp and exposure" },
  black: {
    low: "too little black",
    high: "too dark",
    measure: "share of black pixels",
    look: "lamp and exposure",
  },
  white: {
    low: "too little white",
    high: "overexposed",
    measure: "share of white pixels",
    look: "lamp and exposure",
  },
  contrast: { low: "too flat", high: "too harsh", measure: "contrast", look: "lamp, exposure and lens" },
  colour: {
    low: "without colour",
    high: "in colour",
    measure: "mean difference of the channels",
    look: "the camera's pixel format",
  },
  sharpness: { low: "blurred", high: "too sharp", measure: "sharpness", look: "focus and motion" },
  likeness: {
    low: "of another part",
    high: "of another part",
    measure: "likeness to the good pictures",
    look: "which part it shows",
  },
  place: {
    low: "out of place",
    high: "out of place",
    measure: "distance in sides of the picture",
    look: "where the part lies",
  },
};

/**
 * The error of a picture that breaks rules; null when it breaks none. It names the first in words, and the others; all the
 * evidence goes with it.
 * @param subject what errors call the picture.
 */
export function validityError(evidence: readonly RuleEvidence[], subject: string): BlemishError | null {
  const broken = evidence.filter(({ ok }) => !ok);
  const [first, ...others] = broken;
  if (first === undefined) return null;
  const { measure, look } = WORDS[first.rule as RuleName];
  const also = others.map((one) => sideWord(one)).filter((word) => word !== sideWord(first));
  return new BlemishError("PICTURE_INVALID", {
    subject,
    expected: `${measure} ${limitsText(first)}`,
    found: `${short(first.value)}${shiftText(first)}: the picture is ${[...new Set([sideWord(first), ...also])].join(", ")} (check ${look})`,
    evidence,
  });
}

function sideWord({ rule, value, low }: RuleEvidence): string {
  const words = WORDS[rule as RuleName];
  return low !== null && value < low ? words.low : words.high;
}

function limitsText({ low, high }: RuleEvidence): string {
  if (low === null) return high === null ? "" : `up to ${short(high)}`;
  return high === null ? `from ${short(low)}` : `${short(low)} to ${short(high)}`;
}

/** Three digits, whole numbers whole. */
function short(value: number): string {
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(3)));
}

function shiftText({ shift }: RuleEvidence): string {
  return shift === undefined ? "" : ` (${shift.x} px to the right, ${shift.y} px down)`;
}

function digits(value: number): number {
  return Number(value.toPrecision(5));
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
