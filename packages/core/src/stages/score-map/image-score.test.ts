import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { imageScore } from "./image-score.js";

const map = (values: readonly number[]) => ({
  width: values.length,
  height: 1,
  data: Float32Array.from(values),
});

describe("imageScore", () => {
  it("max is the maximum", () => expect(imageScore(map([1, 5, 2]), "max")).toBe(5));

  it("top1% is the mean of the highest hundredth, whatever the distribution", () => {
    const values = fc.array(fc.float({ min: 0, max: 1000, noNaN: true }), { minLength: 1, maxLength: 900 });
    fc.assert(
      fc.property(values, fc.constantFrom(1, 1e-6, 1e6), (list, scale) => {
        const scaled = list.map((value) => Math.fround(value * scale));
        const count = Math.max(1, Math.floor(scaled.length / 100));
        const top = [...scaled].sort((a, b) => a - b).slice(-count);
        const expected = top.reduce((sum, value) => sum + value, 0) / count;
        expect(imageScore(map(scaled), "top1%")).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("a flat map scores its value", () => expect(imageScore(map(new Array(1000).fill(3)), "top1%")).toBe(3));
});
