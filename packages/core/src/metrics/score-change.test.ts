import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scoreChange } from "./score-change.js";

const scores = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 20 });

describe("the change of scores", () => {
  it("is none when only the unit differs", () => {
    fc.assert(
      fc.property(scores, fc.double({ min: 1, max: 50, noNaN: true }), (list, threshold) => {
        // A factor of 2 is exact, so no score slips over its threshold by rounding.
        const after = { scores: list.map((score) => 8 * score), threshold: 8 * threshold };
        expect(scoreChange({ scores: list, threshold }, after)).toEqual({
          pictures: list.length,
          median: 0,
          largest: 0,
          flipped: [],
        });
      }),
    );
  });

  it("is measured by the thresholds, and names the pictures that change sides", () => {
    const before = { scores: [5, 10, 11, 2], threshold: 10 };
    const after = { scores: [3, 4, 4.2, 4], threshold: 4 };
    expect(scoreChange(before, after)).toEqual({
      pictures: 4,
      median: expect.closeTo((0.05 + 0.25) / 2),
      largest: expect.closeTo(0.8),
      flipped: [3],
    });
    expect(
      scoreChange({ scores: [9, 10], threshold: 10 }, { scores: [10, 9], threshold: 10 }).flipped,
    ).toEqual([0, 1]);
    expect(scoreChange({ scores: [1], threshold: 2 }, { scores: [2], threshold: 2 })).toEqual({
      pictures: 1,
      median: 0.5,
      largest: 0.5,
      flipped: [0],
    });
  });
});
