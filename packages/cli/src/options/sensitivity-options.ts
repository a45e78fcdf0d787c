/** The words of `blemish sensitivity` as what is to be measured. */
import { DEFECT_TYPES } from "@blemish/core";
import { SENSITIVITY_PLACES, type SensitivityWish } from "@blemish/node";
import { modelWord } from "./model-word.js";
import { badValue, choice, missing, wholeNumber } from "./values.js";

/** The words of the options as commander gives them. */
export interface SensitivityWords {
  readonly kinds?: string;
  readonly sizes?: string;
  readonly contrasts?: string;
  readonly places?: string;
  readonly seed?: string;
  readonly report?: string;
  readonly keep?: boolean;
  readonly mode?: string;
  readonly workers?: string;
  readonly metadata?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** What is to be done. */
export interface SensitivityRequest {
  readonly model: string;
  /** Pictures, folders and globs of good pictures. */
  readonly goods: readonly string[];
  readonly wish: SensitivityWish;
}

/** The rows of what is tried, for commander: also `train --sensitivity` measures so. */
export const SENSITIVITY_OPTIONS = [
  ["--kinds <list>", `kinds of defects: ${DEFECT_TYPES.join(", ")} (default: all)`],
  [
    "--sizes <list>",
    "largest extents in pixels, as 4,8,16,32 (default: 1/64 to 1/8 of the picture's shorter side)",
  ],
  [
    "--contrasts <list>",
    "how far they differ from what is around, shares of the range of grey (default: 0.1,0.25,0.5)",
  ],
  ["--places <n>", `places of each kind, size and contrast (default: ${SENSITIVITY_PLACES})`],
  ["--seed <n>", "draws other places and forms (default: 0)"],
] as const;

/**
 * The request.
 * @throws BlemishError OPTION_VALUE for a missing model or pictures and values that are not allowed.
 */
export function sensitivityRequest(
  positional: readonly string[],
  words: SensitivityWords,
): SensitivityRequest {
  const { model, rest } = modelWord(positional);
  if (rest.length === 0)
    throw missing("the good pictures", "pictures or folders that the model was not trained on");
  const { kinds, sizes, contrasts, places, seed } = words;
  return {
    model,
    goods: rest,
    wish: {
      ...(kinds !== undefined && {
        types: wordsOf(kinds).map((kind) => choice("--kinds", kind, DEFECT_TYPES)),
      }),
      ...(sizes !== undefined && {
        sizes: positive("--sizes", sizes, "pixels of at least 1", 1, Number.MAX_VALUE),
      }),
      ...(contrasts !== undefined && {
        contrasts: positive("--contrasts", contrasts, "shares above 0 and up to 1", Number.MIN_VALUE, 1),
      }),
      ...(places !== undefined && { places: wholeNumber("--places", places, 1, 10_000) }),
      ...(seed !== undefined && { seed: wholeNumber("--seed", seed, 0, 2 ** 31 - 1) }),
    },
  };
}

function positive(option: string, text: string, expected: string, low: number, high: number): number[] {
  const values = wordsOf(text).map((word) => (word === "" ? Number.NaN : Number(word)));
  if (values.every((value) => value >= low && value <= high)) return values;
  throw badValue(option, `${expected}, separated by commas`, text);
}

function wordsOf(text: string): string[] {
  return text.split(",").map((word) => word.trim());
}
