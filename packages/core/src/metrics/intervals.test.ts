import { describe, expect, it } from "vitest";
import { binomialInterval, bootstrapInterval } from "./intervals.js";
import { auroc } from "./ranking.js";

describe("binomialInterval", () => {
  it.each([
    [0, 10, 0, 0.30849710781876083],
    [10, 10, 0.6915028921812392, 1],
    [5, 100, 0.01643158, 0.11283491],
    [35, 751, 0.03268, 0.06424],
  ])("%d of %d", (events, total, low, high) => {
    const interval = binomialInterval(events, total);
    expect(interval[0]).toBeCloseTo(low, 4);
    expect(interval[1]).toBeCloseTo(high, 4);
  });
});

describe("bootstrapInterval", () => {
  const scores = { good: [1, 2, 3, 4, 5, 6], anomalous: [4, 5, 7, 8, 9] };

  it("holds the figure, and is the same for the same seed", () => {
    const [low, high] = bootstrapInterval(scores, auroc);
    expect(low).toBeLessThan(auroc(scores));
    expect(high).toBeGreaterThan(auroc(scores));
    expect(bootstrapInterval(scores, auroc)).toEqual([low, high]);
  });

  it("is [1, 1] when the classes do not overlap", () => {
    expect(bootstrapInterval({ good: [1, 2], anomalous: [3, 4] }, auroc)).toEqual([1, 1]);
  });
});
