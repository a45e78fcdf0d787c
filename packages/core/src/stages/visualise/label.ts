/** The tag "anomalous (79%)" in a picture's top left corner, in our own lettering. */
import { BlemishError } from "../../errors.js";
import type { RgbImage } from "../image/image.js";
import type { Judgement } from "../postprocess/result.js";
import type { Colour } from "./canvas.js";
import { fillRect } from "./canvas.js";
import { CAP_HEIGHT, drawText, textWidth } from "./lettering.js";

/** Colours of the labels: Anomalib's two, and amber for what is uncertain. */
export const LABEL_COLOURS: Readonly<Record<"normal" | "uncertain" | "anomalous", Colour>> = {
  normal: [225, 252, 134],
  uncertain: [255, 196, 61],
  anomalous: [255, 100, 100],
};

const BLACK: Colour = [0, 0, 0];

/**
 * Text of the tag: Anomalib's names with the score in percent, "anomalous (score %)" or "normal (1 − score %)", and
 * "uncertain (score %)". The number is a rescaled distance, not a probability: 50 % is the threshold. Without normalisation there is no number.
 */
export function labelText(judgement: Judgement): string {
  const { predScore, normalised } = judgement;
  const name = labelOf(judgement);
  return normalised ? `${name} (${percent(name === "normal" ? 1 - predScore : predScore)}%)` : name;
}

/** A verdict by Anomalib's names. */
export function labelOf({
  verdict,
  predLabel,
}: Pick<Judgement, "verdict" | "predLabel">): keyof typeof LABEL_COLOURS {
  if (predLabel) return "anomalous";
  return verdict === "uncertain" ? "uncertain" : "normal";
}

/**
 * The picture with its tag. The text is 5 % of the shorter side high, at least 12 pixels where that fits.
 *
 * @throws BlemishError OPTION_VALUE when the picture has no pixels.
 */
export function addLabel(image: RgbImage, judgement: Judgement): RgbImage {
  const { width, height } = image;
  if (width < 1 || height < 1)
    throw new BlemishError("OPTION_VALUE", {
      subject: "image",
      expected: "pixels",
      found: `${width}×${height}`,
    });
  const text = labelText(judgement);
  const fitting = Math.min(width / (textWidth(text, 1) + 0.8), height / 1.5);
  const size = Math.min(Math.max(Math.min(width, height) * 0.05, 12), fitting);
  const tagWidth = Math.ceil(textWidth(text, size) + size * 0.8);
  const tagHeight = Math.ceil(size * 1.5);
  const out = { ...image, data: image.data.slice() };
  fillRect(out, 0, 0, tagWidth, tagHeight, LABEL_COLOURS[labelOf(judgement)]);
  drawText(out, text, size * 0.4, Math.round((tagHeight + size * CAP_HEIGHT) / 2), size, BLACK);
  return out;
}

/** Whole percent, halves to even, as Python's `f"{…:.0f}"` rounds. */
function percent(share: number): number {
  const value = share * 100;
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest === 0.5) return floor % 2 === 0 ? floor : floor + 1;
  return Math.round(value);
}
