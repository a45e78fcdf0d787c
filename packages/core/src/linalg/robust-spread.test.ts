import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { highest, lowest, spreadOf } from "./robust-spread.js";

const few = (middle: number) => 0.1 * Math.abs(middle);

describe("spreadOf", () => {
  it("holds all values but at most 2 %", () => {
    const values = fc.array(fc.double({ min: -1000, max: 1000, noNaN: true }), {
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(values, (list) => {
        const { middle, half, outside, low, high } = spreadOf(list, 8, few);
        const missed = list.filter((value) => Math.abs(value - middle) > half).length;
        expect(missed).toBe(outside);
        expect(outside).toBeLessThanOrEqual(0.02 * list.length);
        expect([low, high]).toEqual([Math.min(...list), Math.max(...list)]);
      }),
    );
  });

  it("is not moved by an odd value among many, and widened by a group of them", () => {
    const even = Array.from({ length: 99 }, (_, i) => 100 + (i % 5));
    const one = spreadOf([...even, 500], 8, () => 5);
    expect(one.outside).toBe(1);
    expect(one.middle + one.half).toBeLessThan(130);
    const lamps = [...even, ...Array.from({ length: 20 }, () => 300)];
    const both = spreadOf(lamps, 8, () => 5);
    expect(both.outside).toBe(0);
    expect(both.middle + both.half).toBeGreaterThan(300);
  });

  it("is wider where values are few", () => {
    const half = (count: number) =>
      spreadOf(
        Array.from({ length: count }, () => 50),
        8,
        () => 10,
      ).half;
    expect(half(10)).toBe(20);
    expect(half(100)).toBe(11);
  });

  it("finds the ends of any number of values", () => {
    const many = Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 300_007);
    expect(lowest(many)).toBe(0);
    expect(highest(many)).toBe(Math.max(...new Set(many.slice(0, 10)), highest(many)));
    expect(lowest([])).toBe(Number.POSITIVE_INFINITY);
  });
});
