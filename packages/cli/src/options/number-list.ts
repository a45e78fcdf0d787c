/** Option values that are lists of numbers: "0.5,1,2". */
import { badValue } from "./values.js";

/**
 * Numbers between commas; spaces around them do not matter.
 * @param count How many there must be.
 * @throws BlemishError OPTION_VALUE for another count, and for anything that is no finite number.
 */
export function numberList(option: string, text: string, count: number): number[] {
  const parts = text.split(",").map((part) => part.trim());
  const values = parts.map((part) => (part === "" ? Number.NaN : Number(part)));
  if (values.length === count && values.every(Number.isFinite)) return values;
  throw badValue(option, `${count} ${count === 1 ? "number" : "numbers, separated by commas"}`, text);
}
