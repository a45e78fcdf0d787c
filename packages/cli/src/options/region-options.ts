/** What of the pictures is judged and how they become network inputs, in words of the command line. */
import { FIT_POLICIES, type RecipeOptions, type RegionOfInterest, type RegionShape } from "@blemish/core";
import { readShapes } from "@blemish/node";
import type { Command } from "commander";
import { badValue, choice, collect, wholeNumber } from "./values.js";

/** The words as commander gives them. */
export interface RegionWords {
  readonly roi?: readonly string[];
  readonly ignore?: readonly string[];
  readonly fit?: string;
  readonly size?: string;
}

/** Their names on the command line; all shape a model. */
export const REGION_WORDS = {
  roi: "--roi",
  ignore: "--ignore",
  fit: "--fit",
  size: "--size",
} as const satisfies Record<keyof RegionWords, string>;

/** Forms of a shape, for the help. */
export const SHAPE_FORMS =
  '"polygon:x,y x,y x,y", circle:x,y,r, rectangle:x,y,w,h, border:w, a mask picture or a .json';

/** Longest side of a network input, pixels. */
const MOST_PIXELS = 4096;

/** Adds the options to a command. */
export function addRegionOptions(command: Command): Command {
  return command
    .option("--roi <shape>", `judge only this part of the pictures: ${SHAPE_FORMS}; can be repeated`, collect)
    .option("--ignore <shape>", "leave this part of the pictures out; like --roi", collect)
    .option(
      "--fit <policy>",
      `how pictures become network inputs: ${FIT_POLICIES.join(", ")} (default: stretch)`,
    )
    .option(
      "--size <pixels>",
      "side of the network's input, or WIDTHxHEIGHT (default: by quality); with --fit pad and crop its area",
    );
}

/**
 * What the words say but for the shapes, whose files are read by {@link regionOptions}.
 * @throws BlemishError OPTION_VALUE
 */
export function inputOptions({ fit, size }: RegionWords): Pick<RecipeOptions, "fit" | "size"> {
  return {
    ...(fit !== undefined && { fit: choice("--fit", fit, FIT_POLICIES) }),
    ...(size !== undefined && { size: sizeOf(size) }),
  };
}

/**
 * What is judged and what is not.
 * @throws BlemishError OPTION_VALUE, and the errors of reading shapes.
 */
export async function regionOptions({
  roi = [],
  ignore = [],
}: RegionWords): Promise<Pick<RecipeOptions, "region">> {
  if (roi.length + ignore.length === 0) return {};
  const region: RegionOfInterest = { include: await shapesOf(roi), ignore: await shapesOf(ignore) };
  return { region };
}

/** All shapes of the words, in order. */
export async function shapesOf(words: readonly string[]): Promise<RegionShape[]> {
  return (await Promise.all(words.map((word) => readShapes(word)))).flat();
}

function sizeOf(text: string): NonNullable<RecipeOptions["size"]> {
  if (/^\d+$/.test(text)) return wholeNumber("--size", text, 1, MOST_PIXELS);
  const [width, height, ...more] = text.toLowerCase().split(/[x×]/);
  if (width === undefined || height === undefined || more.length > 0)
    throw badValue("--size", "a side such as 320, or WIDTHxHEIGHT such as 640x480", text);
  return {
    width: wholeNumber("--size", width, 1, MOST_PIXELS),
    height: wholeNumber("--size", height, 1, MOST_PIXELS),
  };
}
