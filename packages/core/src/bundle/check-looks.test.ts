import { describe, expect, it } from "vitest";
import { isAlignment, isValidity } from "./check-looks.js";

const rule = { rule: "brightness", low: 10, high: null, good: { low: 20, high: 30 } };
const rules = { pictures: 12, rules: [rule], notLearnt: [{ rule: "place", reason: "they lie anywhere" }] };
const good = { lowest: 0.9, median: 0.95, shift: 0.1, degrees: 2 };
const alignment = { mode: "rigid", pictures: 12, least: 0.7, good };

describe("isValidity", () => {
  it("takes rules", () => {
    for (const right of [rules, { ...rules, rules: [] }, { ...rules, rules: [{ ...rule, outside: 2 }] }])
      expect(isValidity(JSON.parse(JSON.stringify(right)))).toBe(true);
  });

  it.each([
    null,
    3,
    {},
    { ...rules, pictures: 0 },
    { ...rules, rules: null },
    { ...rules, rules: [{ ...rule, rule: "taste" }] },
    { ...rules, rules: [{ ...rule, low: "1" }] },
    { ...rules, rules: [{ ...rule, high: undefined }] },
    { ...rules, rules: [{ ...rule, good: null }] },
    { ...rules, rules: [{ ...rule, outside: 0.5 }] },
    { ...rules, notLearnt: [{ rule: "place" }] },
  ])("refuses %j", (wrong) => expect(isValidity(wrong)).toBe(false));
});

describe("isAlignment", () => {
  it("takes rules", () => expect(isAlignment(alignment)).toBe(true));

  it.each([
    null,
    [],
    { ...alignment, mode: "affine" },
    { ...alignment, pictures: 1.5 },
    { ...alignment, least: null },
    { ...alignment, good: { ...good, shift: "far" } },
    { ...alignment, good: undefined },
  ])("refuses %j", (wrong) => expect(isAlignment(wrong)).toBe(false));
});
