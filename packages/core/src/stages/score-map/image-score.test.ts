import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createArena } from "../../kernels/arena.js";
import { wasmMapKernels } from "../../kernels/wasm-map-kernels.js";
import { imageScore, scoreScratch } from "./image-score.js";

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

  it("many equal values at the edge of the hundredth count as often as they are missing", () => {
    const values = new Array(1000).fill(2).fill(7, 300, 304).fill(1, 0, 50);
    expect(imageScore(map(values), "top1%")).toBe((4 * 7 + 6 * 2) / 10);
  });

  it("takes values of any sign and size, and infinities", () => {
    const top = (...values: number[]) => imageScore(map(values), "top1%");
    expect(top(-3, -2, -7)).toBe(-2);
    expect(top(-0, -5)).toBe(0);
    expect(top(1e-45, 0)).toBe(Math.fround(1e-45));
    expect(top(3e38, Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(top(Number.NEGATIVE_INFINITY)).toBe(Number.NEGATIVE_INFINITY);
    expect(top(Number.NaN)).toBeNaN();
  });

  it("is the same number from compiled kernels", () => {
    const values = fc.array(fc.oneof(fc.float({ noNaN: true }), fc.integer({ min: 0, max: 5 })), {
      minLength: 1,
      maxLength: 900,
    });
    fc.assert(
      fc.property(values, fc.constantFrom("max" as const, "top1%" as const), (list, rule) => {
        const arena = createArena(16_384);
        const data = arena.float32(list.length);
        data.set(list);
        const scratch = arena.float32(scoreScratch(list.length));
        const one = { width: list.length, height: 1, data };
        expect(imageScore(one, rule, wasmMapKernels(arena)!, scratch)).toBe(imageScore(one, rule));
      }),
      { numRuns: 300 },
    );
  });
});
