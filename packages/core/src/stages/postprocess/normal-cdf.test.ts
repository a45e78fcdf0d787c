import fc from "fast-check";
import { expect, it } from "vitest";
import { normalCdf } from "./normal-cdf.js";

it("is one half at 0, symmetric and rising", () => {
  expect(normalCdf(0)).toBe(0.5);
  const z = fc.double({ min: -40, max: 40, noNaN: true });
  fc.assert(fc.property(z, (a) => void expect(normalCdf(a) + normalCdf(-a)).toBeCloseTo(1, 14)));
  fc.assert(
    fc.property(z, z, (a, b) => {
      const [low, high] = a < b ? [a, b] : [b, a];
      expect(normalCdf(low)).toBeLessThanOrEqual(normalCdf(high) + 1e-15);
    }),
  );
});

// Published table values of the standard normal distribution, 15 digits.
it.each([
  [0.5, 0.691462461274013],
  [1, 0.841344746068543],
  [1.959963984540054, 0.975],
  [3, 0.99865010196837],
  [3.6, 0.999840891409842],
  [-4, 3.16712418331199e-5],
  [-8, 6.22096057427178e-16],
])("Φ(%d) = %d", (z, expected) => {
  expect(Math.abs(normalCdf(z) - expected)).toBeLessThan(1e-14);
});

it("keeps the ends", () => {
  expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0);
  expect(normalCdf(Number.POSITIVE_INFINITY)).toBe(1);
});
