import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { betaCdf, betaQuantile } from "./beta.js";

/** P(Beta(a, b) ≤ x) for whole a, b: at least a of a + b − 1 trials succeed. */
function binomialTail(x: number, a: number, b: number): number {
  const n = a + b - 1;
  let [term, sum] = [(1 - x) ** n, 0];
  for (let k = 0; k <= n; k++) {
    if (k >= a) sum += term;
    term *= ((n - k) / (k + 1)) * (x / (1 - x));
  }
  return sum;
}

describe("the beta distribution", () => {
  it("counts successes", () => {
    const whole = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(whole, whole, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (a, b, x) => {
        expect(betaCdf(x, a, b)).toBeCloseTo(binomialTail(x, a, b), 10);
      }),
    );
  });

  it("has the quantiles that are its inverse", () => {
    const sides = fc.double({ min: 0.5, max: 5000, noNaN: true });
    fc.assert(
      fc.property(sides, sides, fc.double({ min: 0.001, max: 0.999, noNaN: true }), (a, b, p) => {
        expect(betaCdf(betaQuantile(p, a, b), a, b)).toBeCloseTo(p, 8);
      }),
    );
  });

  it("agrees with known values", () => {
    expect(betaCdf(0.5, 2, 3)).toBeCloseTo(0.6875, 12);
    expect(betaCdf(0, 2, 3)).toBe(0);
    expect(betaCdf(1, 2, 3)).toBe(1);
    expect(betaQuantile(0.95, 1, 59)).toBeCloseTo(1 - 0.05 ** (1 / 59), 10);
  });
});
