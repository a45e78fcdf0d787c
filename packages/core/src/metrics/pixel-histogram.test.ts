import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addPixels,
  aupro,
  createPixelHistogram,
  pixelAuroc,
  pixelAveragePrecision,
  pixelMaxF1,
  proCurve,
} from "./pixel-histogram.js";
import { auroc, averagePrecision, maxF1 } from "./ranking.js";

/** Scores that overlap, seeded; pixel i belongs to region labels[i]. */
function picture(seed: number, pixels: number, regions: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const labels = Int32Array.from({ length: pixels }, () =>
    next() < 0.2 ? 1 + Math.floor(next() * regions) : 0,
  );
  const scores = Float32Array.from(labels, (label) => next() * next() * 30 + (label > 0 ? 3 : 0));
  for (let region = 1; region <= regions; region++) labels[region] = region;
  return { scores, labels, count: regions };
}

describe("pixel metrics", () => {
  it("agree with the exact ones on the same scores to 1e-6", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (seed) => {
        const histogram = createPixelHistogram();
        const one = picture(seed, 20_000, 3);
        const two = picture(seed + 1, 9_000, 1);
        for (const each of [one, two]) addPixels(histogram, each.scores, each);
        const good: number[] = [];
        const anomalous: number[] = [];
        for (const { scores, labels } of [one, two])
          scores.forEach((score, i) => (labels[i] === 0 ? good : anomalous).push(score));
        expect(Math.abs(pixelAuroc(histogram) - auroc({ good, anomalous }))).toBeLessThan(1e-6);
        expect(
          Math.abs(pixelAveragePrecision(histogram) - averagePrecision({ good, anomalous })),
        ).toBeLessThan(1e-4);
        expect(Math.abs(pixelMaxF1(histogram).f1 - maxF1({ good, anomalous }).f1)).toBeLessThan(1e-4);
      }),
      { numRuns: 4 },
    );
  });

  it("AUPRO weighs every region alike, whatever its area", () => {
    const histogram = createPixelHistogram();
    // Region 1 (one pixel) is found before any false alarm, region 2 (nine pixels) never before all good pixels.
    const labels = Int32Array.from({ length: 110 }, (_, i) => (i === 0 ? 1 : i < 10 ? 2 : 0));
    const scores = Float32Array.from(labels, (label, i) => (label === 1 ? 1000 : label === 2 ? 0.5 : 1 + i));
    addPixels(histogram, scores, { labels, count: 2 });
    expect(aupro(histogram)).toBeCloseTo(0.5, 9);
    expect(proCurve(histogram, 0.3).fpr.at(-1)).toBeCloseTo(0.3, 12);
  });

  it("is 1 for a perfect map, NaN without anything to find", () => {
    const histogram = createPixelHistogram();
    addPixels(histogram, Float32Array.of(0, 0, 0.5), null);
    expect(aupro(histogram)).toBeNaN();
    expect(pixelAuroc(histogram)).toBeNaN();
    addPixels(histogram, Float32Array.of(0, 9, 9), { labels: Int32Array.of(0, 1, 1), count: 1 });
    expect(aupro(histogram)).toBe(1);
    expect(pixelAuroc(histogram)).toBe(1);
    expect(pixelMaxF1(histogram)).toEqual({ f1: 1, threshold: 9 });
  });
});
