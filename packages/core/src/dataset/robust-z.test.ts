import { describe, expect, it } from "vitest";
import { robustZ } from "./robust-z.js";

describe("robustZ", () => {
  it("counts standard deviations of normal values, and does not move for an outlier", () => {
    // Quantiles of the normal distribution.
    const normal = [-1.645, -1.036, -0.674, -0.385, -0.126, 0.126, 0.385, 0.674, 1.036, 1.645];
    const z = robustZ([...normal.map((value) => 10 + 2 * value), 1000], 1e-9);
    expect(z[9]).toBeCloseTo(1.5, 0);
    expect(z[10]).toBeGreaterThan(300);
  });
  it("never divides by less than the floor", () => {
    expect([...robustZ([5, 5, 5, 6], 0.5)]).toEqual([0, 0, 0, 2]);
    expect([...robustZ([], 1)]).toEqual([]);
  });
  it("stands values without limits", () => {
    const low = Number.NEGATIVE_INFINITY;
    expect([...robustZ([1, 1, 1, low], 1)]).toEqual([0, 0, 0, low]);
    expect([...robustZ([low, low, low], 1)]).toEqual([0, 0, 0]);
  });
});
