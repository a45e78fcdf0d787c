import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runningMoments } from "./running-moments.js";

const values = fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), { minLength: 2, maxLength: 40 });

describe("runningMoments", () => {
  it("is mean and deviation of all numbers, however they were divided", () =>
    fc.assert(
      fc.property(values, fc.nat(), (list, cut) => {
        const moments = runningMoments();
        const at = cut % list.length;
        for (const part of [list.slice(0, at), list.slice(at)]) moments.add(Float32Array.from(part));
        const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
        const variance = list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length;
        expect(moments.mean).toBeCloseTo(mean, 8);
        expect(moments.deviation).toBeCloseTo(Math.sqrt(variance), 6);
      }),
    ));

  it("has no deviation without two numbers", () => {
    const moments = runningMoments();
    expect([moments.mean, moments.deviation]).toEqual([0, 0]);
    moments.add(Float32Array.of(3));
    expect([moments.mean, moments.deviation]).toEqual([3, 0]);
  });
});
