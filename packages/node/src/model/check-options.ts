/** Options as JavaScript callers may really give them: a name or value that is not known is an error, never ignored. */
import { BlemishError } from "@blemish/core";

/** What an option may be: a test and the words for what it lets through. */
export interface OptionRule {
  readonly expected: string;
  readonly test: (value: never) => boolean;
}

/** A rule for one of these words. */
export function oneOf(...words: readonly string[]): OptionRule {
  return { expected: words.join(" or "), test: (value: unknown) => words.includes(value as string) };
}

/** A whole number of at least 1. */
export const COUNT: OptionRule = {
  expected: "a whole number of at least 1",
  test: (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 1,
};

/** Any number but NaN and the infinities. */
export const FINITE: OptionRule = { expected: "a number", test: (value: unknown) => Number.isFinite(value) };

/** true or false. */
export const SWITCH: OptionRule = {
  expected: "true or false",
  test: (value: unknown) => typeof value === "boolean",
};

/** Text. */
export const TEXT: OptionRule = { expected: "text", test: (value: unknown) => typeof value === "string" };

/** An object, looked at more closely elsewhere. */
export const OBJECT: OptionRule = {
  expected: "an object",
  test: (value: unknown) => typeof value === "object" && value !== null,
};

/**
 * Refuses options that have no rule or do not obey it; `undefined` stands for "not given".
 *
 * @throws BlemishError OPTION, OPTION_VALUE.
 */
export function checkOptions<T extends object>(
  options: T,
  rules: Readonly<Record<keyof T, OptionRule>>,
): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(rules, name)) {
      throw new BlemishError("OPTION", {
        subject: name,
        expected: `one of ${Object.keys(rules).join(", ")}`,
      });
    }
    const { expected, test } = rules[name as keyof T];
    if (value === undefined || test(value as never)) continue;
    throw new BlemishError("OPTION_VALUE", { subject: name, expected, found: shown(value) });
  }
}

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
