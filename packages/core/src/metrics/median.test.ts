import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../random.js";
import { DEVIATION_TO_SIGMA, median } from "./median.js";

const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 });

describe("median", () => {
  it("has as many values below as above, and leaves the list as it is", () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const before = [...values];
        const middle = median(values);
        const half = values.length / 2;
        expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(half);
        expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(half);
        expect(values).toEqual(before);
      }),
    );
  });

  it("is exact, and NaN for nothing", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median(Float32Array.of(10, 9))).toBe(9.5);
    expect(median([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])).toBe(Number.NEGATIVE_INFINITY);
    expect(median([])).toBeNaN();
  });

  it("of the deviations gives the standard deviation of normal values", () => {
    const random = seededRandom(1);
    const values = Array.from({ length: 100_000 }, () => 3 * random.normal());
    expect(DEVIATION_TO_SIGMA * median(values.map(Math.abs))).toBeCloseTo(3, 1);
  });
});
