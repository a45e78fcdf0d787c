/** Limits of a rule around the bulk of what the good pictures have. */
import type { Spread } from "../../linalg/robust-spread.js";
import type { RuleName, ValidityRule } from "./validity-rules.js";

/** A rule from a spread, limited on one side or on both. Six digits. */
export function boundsOf(rule: RuleName, spread: Spread, sides: "low" | "high" | "both"): ValidityRule {
  const { middle, half, outside, low, high } = spread;
  return {
    rule,
    low: sides === "high" ? null : digits(middle - half),
    high: sides === "low" ? null : digits(middle + half),
    good: { low: digits(low), high: digits(high) },
    ...(outside > 0 && { outside }),
  };
}

function digits(value: number): number {
  return Number(value.toPrecision(6));
}
