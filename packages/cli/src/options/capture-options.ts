/** How pictures were taken, in words of the command line: what no file says and a model then keeps. */
import { BAYER_PATTERNS, type Capture, type RecipeOptions } from "@blemish/core";
import type { Command } from "commander";
import { badValue, choice, finiteNumber, wholeNumber } from "./values.js";

/** The words as commander gives them. */
export interface CaptureWords {
  readonly range?: string;
  readonly bits?: string;
  readonly bayer?: string;
  readonly mmPerPixel?: string;
}

/** Their names on the command line; all shape a model. */
export const CAPTURE_WORDS = {
  range: "--range",
  bits: "--bits",
  bayer: "--bayer",
  mmPerPixel: "--mm-per-pixel",
} as const satisfies Record<keyof CaptureWords, string>;

/** Depths that cameras have. */
const MOST_BITS = 16;

/** Adds the options to a command. */
export function addCaptureOptions(command: Command): Command {
  return command
    .option(
      "--range <min..max>",
      "samples that are black and white, such as 0..4095 (default: as files are read)",
    )
    .option("--bits <n>", "the same as a range from 0 to 2^n - 1, such as 12")
    .option("--bayer <pattern>", `raw frames behind a colour filter: ${BAYER_PATTERNS.join(", ")}`)
    .option("--mm-per-pixel <mm>", "size of a pixel of the picture on the part");
}

/**
 * What the words say of the capture, for a recipe.
 * @throws BlemishError OPTION_VALUE
 */
export function captureOptions(words: CaptureWords): Pick<RecipeOptions, "capture"> {
  const { bayer, mmPerPixel } = words;
  const range = rangeOf(words);
  const capture: Capture = {
    ...(range !== undefined && { range }),
    ...(bayer !== undefined && { bayer: choice("--bayer", bayer, BAYER_PATTERNS) }),
    ...(mmPerPixel !== undefined && { millimetresPerPixel: millimetres(mmPerPixel) }),
  };
  return Object.keys(capture).length === 0 ? {} : { capture };
}

function rangeOf({ range, bits }: CaptureWords): Capture["range"] {
  if (range !== undefined && bits !== undefined)
    throw badValue("--bits", "nothing beside --range, because both say the same", bits);
  if (bits !== undefined) return { min: 0, max: 2 ** wholeNumber("--bits", bits, 8, MOST_BITS) - 1 };
  if (range === undefined) return undefined;
  const [first, last, ...more] = range.split("..");
  if (first === undefined || last === undefined || more.length > 0)
    throw badValue("--range", "two numbers, such as 0..4095", range);
  const [min, max] = [finiteNumber("--range", first), finiteNumber("--range", last)];
  if (min < max) return { min, max };
  throw badValue("--range", "two numbers, the first below the second", range);
}

function millimetres(text: string): number {
  const value = finiteNumber("--mm-per-pixel", text);
  if (value > 0) return value;
  throw badValue("--mm-per-pixel", "millimetres above 0", text);
}
