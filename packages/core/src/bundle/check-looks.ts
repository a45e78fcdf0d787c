/** Checks the parts of a manifest that say which pictures can be judged and how they are aligned. */
import { ALIGN_MODES } from "../stages/alignment/alignment-model.js";
import { RULE_NAMES } from "../stages/validity/validity-rules.js";

/** Whether parsed JSON is `ValidityRules`. */
export function isValidity(value: unknown): boolean {
  const { pictures, rules, notLearnt } = fieldsOf(value);
  return isCount(pictures) && isList(rules, isRule) && isList(notLearnt, isNotLearnt);
}

/** Whether parsed JSON is `AlignmentRules`. */
export function isAlignment(value: unknown): boolean {
  const { mode, pictures, least, good } = fieldsOf(value);
  const { lowest, median, shift, degrees } = fieldsOf(good);
  return (
    (ALIGN_MODES as readonly unknown[]).includes(mode) &&
    isCount(pictures) &&
    [least, lowest, median, shift, degrees].every(Number.isFinite)
  );
}

function isRule(value: unknown): boolean {
  const { rule, low, high, good, outside } = fieldsOf(value);
  const limit = (bound: unknown) => bound === null || Number.isFinite(bound);
  const range = fieldsOf(good);
  return (
    isRuleName(rule) &&
    limit(low) &&
    limit(high) &&
    Number.isFinite(range.low) &&
    Number.isFinite(range.high) &&
    (outside === undefined || isCount(outside))
  );
}

function isNotLearnt(value: unknown): boolean {
  const { rule, reason } = fieldsOf(value);
  return isRuleName(rule) && typeof reason === "string";
}

function isRuleName(value: unknown): boolean {
  return (RULE_NAMES as readonly unknown[]).includes(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isList(value: unknown, check: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(check);
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
