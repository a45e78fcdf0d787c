/** The head of the full view: verdict, score and threshold, and in which units they are. */
import type { ImageResult } from "../postprocess/result.js";
import { type Canvas, fillRounded } from "./canvas.js";
import { distinct, short } from "./format-number.js";
import { LABEL_COLOURS, labelOf } from "./label.js";
import { CAP_HEIGHT, drawText, textWidth } from "./lettering.js";
import { INK, MUTED, TEXT } from "./sheet-style.js";

/** Height of the head, pixels. */
export const HEADER_HEIGHT = 64;

const CHIP_PADDING = 18;
const CHIP_GAP = 20;

/** The words of the head. */
export interface HeaderText {
  readonly verdict: "GOOD" | "UNCERTAIN" | "ANOMALOUS";
  readonly score: string;
  readonly detail: string;
}

const VERDICTS = { normal: "GOOD", uncertain: "UNCERTAIN", anomalous: "ANOMALOUS" } as const;
const CHIP_COLOURS = {
  GOOD: LABEL_COLOURS.normal,
  UNCERTAIN: LABEL_COLOURS.uncertain,
  ANOMALOUS: LABEL_COLOURS.anomalous,
} as const;

/** What the head says about a result. Numbers get as many digits as it takes to tell score and threshold apart. */
export function headerText(result: ImageResult): HeaderText {
  const { predScore, rawScore, imageThreshold, normalised, predLabel } = result;
  const [score, threshold] = distinct(rawScore ?? predScore, imageThreshold);
  const notes = [`${result.image.width} × ${result.image.height} px`];
  if (result.predMask !== null) notes.push(regionCount(result.regions.length));
  if (result.filtered.length > 0) notes.push(`${result.filtered.length} filtered out`);
  const zones = (result.zones ?? []).filter(({ anomalous }) => anomalous).map(({ name }) => name);
  if (zones.length > 0) notes.push(`${zones.length === 1 ? "zone" : "zones"} ${zones.join(", ")}`);
  const verdict = VERDICTS[labelOf(result)];
  if (result.uncertainThreshold !== null && verdict !== "ANOMALOUS")
    notes.unshift(`uncertain from ${short(result.uncertainThreshold)}`);
  if (rawScore === null) {
    const rule = `score ${predLabel ? ">" : "≤"} threshold ${threshold} (normalised)`;
    return { verdict, score: `Score ${score} (normalised)`, detail: [rule, ...notes].join("  ·  ") };
  }
  const comparison = `${predLabel ? "≥" : "<"} image threshold ${threshold} (raw units)`;
  const headline = normalised
    ? `Score ${short(predScore)} (normalised, 0.5 = threshold)`
    : `Score ${score} (raw)`;
  const rule = normalised ? `raw score ${score} ${comparison}` : comparison;
  return { verdict, score: headline, detail: [rule, ...notes].join("  ·  ") };
}

/** Width of the drawn head, pixels. */
export function headerWidth(text: HeaderText): number {
  const words = Math.max(textWidth(text.score, TEXT.headline), textWidth(text.detail, TEXT.body));
  return Math.ceil(chipWidth(text) + CHIP_GAP + words);
}

/** Draws the head with its top left corner at (x, y). */
export function drawHeader(canvas: Canvas, x: number, y: number, text: HeaderText): void {
  const colour = CHIP_COLOURS[text.verdict];
  const width = chipWidth(text);
  fillRounded(canvas, x, y, width, HEADER_HEIGHT, 10, colour);
  const baseline = Math.round(y + (HEADER_HEIGHT + TEXT.verdict * CAP_HEIGHT) / 2);
  drawText(canvas, text.verdict, x + CHIP_PADDING, baseline, TEXT.verdict, INK);
  drawText(canvas, text.score, x + width + CHIP_GAP, y + 26, TEXT.headline, INK);
  drawText(canvas, text.detail, x + width + CHIP_GAP, y + 56, TEXT.body, MUTED);
}

function chipWidth(text: HeaderText): number {
  return Math.ceil(textWidth(text.verdict, TEXT.verdict)) + 2 * CHIP_PADDING;
}

function regionCount(count: number): string {
  if (count === 0) return "no anomalous region";
  return count === 1 ? "1 anomalous region" : `${count} anomalous regions`;
}
