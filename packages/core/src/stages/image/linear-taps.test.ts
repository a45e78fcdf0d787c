import fc from "fast-check";
import { expect, test } from "vitest";
import { areaLinearTaps, axisScale, fixedWeights, linearTaps, tapsOfRows } from "./linear-taps.js";

const side = fc.integer({ min: 1, max: 300 });
const axis = fc.constantFrom("x" as const, "y" as const);
const maker = fc.constantFrom(linearTaps, areaLinearTaps);

test("taps lie in the source, are neighbours in order, and share between 0 and 1", () => {
  fc.assert(
    fc.property(maker, side, side, axis, (make, source, target, name) => {
      const { low, high, fraction } = make(source, target, name);
      for (let index = 0; index < target; index++) {
        expect(low[index]).toBeGreaterThanOrEqual(index === 0 ? 0 : (low[index - 1] ?? 0));
        expect(high[index]).toBeLessThanOrEqual(source - 1);
        expect([0, 1]).toContain((high[index] ?? 0) - (low[index] ?? 0));
        expect(fraction[index]).toBeGreaterThanOrEqual(0);
        // 1 itself appears where a position lies a hair below a pixel and float32 rounds up, as in OpenCV.
        expect(fraction[index]).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test("a position a hair below a pixel gives the share 1: the pixel itself", () => {
  const { low, high, fraction } = linearTaps(1, 253, "y");
  expect([low[126], high[126], fraction[126]]).toEqual([0, 0, 1]);
});

test("2 to 4: centres are aligned; x drops the fraction outside, y keeps it", () => {
  expect(linearTaps(2, 4, "x")).toEqual({
    low: Int32Array.of(0, 0, 0, 1),
    high: Int32Array.of(0, 1, 1, 1),
    fraction: Float32Array.of(0, 0.25, 0.75, 0),
  });
  expect(linearTaps(2, 4, "y")).toEqual({
    low: Int32Array.of(0, 0, 0, 1),
    high: Int32Array.of(0, 1, 1, 1),
    fraction: Float32Array.of(0.75, 0.25, 0.75, 0.25),
  });
});

test("area taps of a growing axis repeat pixels and blend only across edges", () => {
  expect([...areaLinearTaps(2, 4, "y").fraction]).toEqual([0, 0, 0, 0]);
  expect([...areaLinearTaps(2, 3, "x").fraction]).toEqual([0, 0.5, 0]);
});

test("one source pixel is read for every target pixel", () => {
  for (const name of ["x", "y"] as const) {
    const { low, high } = linearTaps(1, 5, name);
    expect([...low, ...high]).toEqual(new Array(10).fill(0));
  }
});

test("the scale is computed by two divisions: 49 is not whole, 50 is", () => {
  expect(axisScale(50, 1)).toBe(50);
  expect(axisScale(98, 2)).not.toBe(49);
  expect(axisScale(98, 2)).toBeCloseTo(49, 12);
});

test("fixed weights are the shares times 2048, each rounded half to even", () => {
  const fraction = Float32Array.of(0, 0.5, 0.25, 0.5 / 2048, 1.5 / 2048);
  const { low, high } = fixedWeights({ low: new Int32Array(5), high: new Int32Array(5), fraction });
  expect([...low]).toEqual([2048, 1024, 1536, 2048, 2046]);
  expect([...high]).toEqual([0, 1024, 512, 0, 2]);
});

test("fixed weights sum to one within a unit", () => {
  fc.assert(
    fc.property(side, side, (source, target) => {
      const { low, high } = fixedWeights(linearTaps(source, target, "y"));
      low.forEach((weight, index) => {
        expect(Math.abs(weight + (high[index] ?? 0) - 2048)).toBeLessThanOrEqual(1);
      });
    }),
  );
});

test("taps of some rows are those of the whole axis", () => {
  const { low, high, fraction } = linearTaps(7, 20, "y");
  const some = { low: low.slice(3, 9), high: high.slice(3, 9), fraction: fraction.slice(3, 9) };
  expect(tapsOfRows({ low, high, fraction }, 3, 9)).toEqual(some);
});
