/**
 * How a camera's samples are to be understood: what no picture file says, a user states once and the model keeps.
 * The words only; what they do to samples is in `apply-capture.ts`.
 */
import { BlemishError } from "../../errors.js";

/** Colours of the first two pixels of the first two rows of a raw frame, as cameras name them: `rggb` = RG over GB. */
export type BayerPattern = "rggb" | "bggr" | "grbg" | "gbrg";

/** The patterns there are. */
export const BAYER_PATTERNS = ["rggb", "bggr", "grbg", "gbrg"] as const satisfies readonly BayerPattern[];

/** How pictures were taken. Absent = nothing is known, and samples are read as the profile reads them. */
export interface Capture {
  /** Samples that become 0 and 255, in the file's own numbers; what lies outside is clipped. */
  readonly range?: { readonly min: number; readonly max: number };
  /** The files are raw frames: one sample a pixel, behind a colour filter of this pattern. */
  readonly bayer?: BayerPattern;
  /** Side of a pixel of the original picture on the part, in millimetres; above 0. */
  readonly millimetresPerPixel?: number;
}

/**
 * The capture as it was given.
 * @throws OPTION_VALUE for a range whose minimum is not below its maximum or not finite, another pattern than the four,
 *   a pixel that is not larger than 0.
 */
export function checkCapture(capture: Capture): Capture {
  const { range, bayer, millimetresPerPixel } = capture;
  if (range !== undefined && !isRange(range))
    throw wrong(
      "The range of samples (--range)",
      "two numbers, the first below the second",
      `${range.min}..${range.max}`,
    );
  if (bayer !== undefined && !BAYER_PATTERNS.includes(bayer))
    throw wrong("The colour filter (--bayer)", BAYER_PATTERNS.join(", "), String(bayer));
  if (millimetresPerPixel !== undefined && !isPixel(millimetresPerPixel))
    throw wrong("The size of a pixel (--mm-per-pixel)", "millimetres above 0", String(millimetresPerPixel));
  return capture;
}

/** Whether it is one that `checkCapture` lets through; for files. */
export function isCapture(value: unknown): value is Capture {
  if (typeof value !== "object" || value === null) return false;
  const { range, bayer, millimetresPerPixel } = value as Partial<Record<keyof Capture, unknown>>;
  return (
    (range === undefined || isRange(range)) &&
    (bayer === undefined || BAYER_PATTERNS.includes(bayer as BayerPattern)) &&
    (millimetresPerPixel === undefined || isPixel(millimetresPerPixel))
  );
}

function isRange(value: unknown): boolean {
  const { min, max } = (value ?? {}) as { min?: unknown; max?: unknown };
  return Number.isFinite(min) && Number.isFinite(max) && (min as number) < (max as number);
}

function isPixel(value: unknown): boolean {
  return Number.isFinite(value) && (value as number) > 0;
}

function wrong(subject: string, expected: string, found: string): BlemishError {
  return new BlemishError("OPTION_VALUE", { subject, expected, found });
}
