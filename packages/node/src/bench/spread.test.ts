import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { medianOf, overRounds, spreadOf } from "./spread.js";

const whole = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 40 });

describe("spread", () => {
  it("lies in order, between the least and the greatest, whatever the order of the numbers", () => {
    fc.assert(
      fc.property(whole, (numbers) => {
        const { min, p50, p95 } = spreadOf(numbers);
        const range = overRounds(numbers);
        expect([min, p50]).toEqual([range.min, range.p50]);
        expect(min).toBe(Math.min(...numbers));
        expect(range.max).toBe(Math.max(...numbers));
        expect(min <= p50 && p50 <= range.max && min <= p95 && p95 <= range.max).toBe(true);
        expect(spreadOf(numbers.toReversed())).toEqual({ min, p50, p95 });
        expect(numbers).toContain(p95);
      }),
    );
  });

  it("knows the values of small sets", () => {
    expect(spreadOf([3, 1, 2])).toEqual({ min: 1, p50: 2, p95: 3 });
    expect(medianOf([4, 1, 2, 3])).toBe(2.5);
    expect(medianOf([1 / 3])).toBe(0.33);
    const hundred = Array.from({ length: 101 }, (_, i) => i);
    expect(spreadOf(hundred)).toEqual({ min: 0, p50: 50, p95: 95 });
  });
});
