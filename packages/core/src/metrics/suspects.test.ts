import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../random.js";
import { rankedByScore, suspectsOf } from "./suspects.js";

describe("suspectsOf", () => {
  const random = seededRandom(3);
  const clean = Array.from({ length: 200 }, () => 10 + random.normal());

  it("names what stands out, highest first, and nothing in a clean set", () => {
    expect(suspectsOf(clean)).toEqual([]);
    const scores = [...clean.slice(0, 100), 19, ...clean.slice(100), 25];
    expect(suspectsOf(scores).map(({ index }) => index)).toEqual([201, 100]);
    expect(suspectsOf(scores, 1).map(({ score }) => score)).toEqual([25]);
  });

  it("never names low scores, nor any of equal ones", () => {
    expect(suspectsOf([...clean, -50])).toEqual([]);
    expect(suspectsOf([1, 1, 1, 1])).toEqual([]);
    expect(suspectsOf([])).toEqual([]);
  });

  it("does not depend on the unit of the scores", () => {
    const scores = [...clean, 17, 30];
    fc.assert(
      fc.property(fc.integer({ min: -20, max: 20 }), (power) => {
        const scaled = suspectsOf(scores.map((score) => score * 2 ** power));
        expect(scaled.map(({ index }) => index)).toEqual(suspectsOf(scores).map(({ index }) => index));
      }),
    );
  });
});

describe("rankedByScore", () => {
  it("keeps every picture, equal scores in their order", () => {
    expect(rankedByScore([2, 5, 2, 9]).map(({ index }) => index)).toEqual([3, 1, 0, 2]);
  });
});
