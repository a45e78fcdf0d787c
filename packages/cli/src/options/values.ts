/** Checks of option values: text from the command line in, a number or word out, or one clear error. */
import { BlemishError } from "@blemish/core";

/**
 * A whole number between `min` and `max`.
 * @throws BlemishError OPTION_VALUE for anything else, "1e3" and "4.0" included.
 */
export function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw badValue(option, `a whole number from ${min} to ${max}`, text);
}

/**
 * A finite number.
 * @throws BlemishError OPTION_VALUE for text that is no number, and for NaN and Infinity.
 */
export function finiteNumber(option: string, text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw badValue(option, "a number", text);
}

/**
 * One word of a list.
 * @throws BlemishError OPTION_VALUE for any other word.
 */
export function choice<T extends string>(option: string, text: string, words: readonly T[]): T {
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw badValue(option, words.length === 1 ? `${words[0]}` : `one of ${words.join(", ")}`, text);
}

/** For commander: an option that may be repeated; the values in the order given. */
export function collect(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** The error for a value that is not allowed. */
export function badValue(option: string, expected: string, found: string): BlemishError {
  return new BlemishError("OPTION_VALUE", { subject: option, expected, found: JSON.stringify(found) });
}

/** The error for what has to be given and is not. */
export function missing(subject: string, expected: string): BlemishError {
  return new BlemishError("OPTION_VALUE", { subject, expected, found: "nothing" });
}
