import { promiseOf } from "@blemish/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runPageScript } from "../../../../../tests/support/run-page-script.js";
import { COUNTS_SCRIPT } from "./counts-script.js";

const run = runPageScript([COUNTS_SCRIPT], {});
const call = (name: string, ...args: unknown[]) =>
  run(`${name}(${args.map((one) => JSON.stringify(one)).join(", ")})`);
const score = fc.integer({ min: 0, max: 60 }).map((one) => one / 4);
const scores = fc.array(score, { maxLength: 40 }).map((list) => list.sort((a, b) => a - b));

describe("counts", () => {
  it("are those of counting one by one", () => {
    fc.assert(
      fc.property(scores, scores, scores, scores, score, score, (training, good, dent, stain, one, two) => {
        const [lower, threshold] = [Math.min(one, two), Math.max(one, two)];
        const defects = [
          { name: "dent", scores: dent },
          { name: "stain", scores: stain },
        ];
        const reach = (list: number[]) => list.filter((one) => one >= threshold).length;
        const escapes = (list: number[]) => list.filter((one) => one < lower).length;
        const between = (list: number[]) => list.length - reach(list) - escapes(list);
        expect(call("countsAt", { training, good, defects }, threshold, lower)).toEqual({
          trainingAlarms: reach(training),
          falseAlarms: reach(good),
          anomalous: dent.length + stain.length,
          escapes: escapes(dent) + escapes(stain),
          uncertainGood: between(good),
          uncertainAnomalous: between(dent) + between(stain),
          defects: [
            { name: "dent", count: dent.length, escapes: escapes(dent) },
            { name: "stain", count: stain.length, escapes: escapes(stain) },
          ],
        });
      }),
    );
  });

  it("look up the promise of the statistics", () => {
    fc.assert(
      fc.property(scores, score, (training, threshold) => {
        fc.pre(training.length > 0);
        const promises = [...new Set(training)].map((one) => [one, promiseOf(training, one).guaranteedRate]);
        const { expectedRate, guaranteedRate } = promiseOf(training, threshold);
        const told = call("promiseAt", { training, promises }, threshold) as Record<string, number>;
        expect(told.expected).toBeCloseTo(expectedRate, 12);
        expect(told.guaranteed).toBeCloseTo(guaranteedRate, 12);
      }),
    );
  });
});

describe("bins", () => {
  it("hold every value once and have an edge at the anchor", () => {
    fc.assert(
      fc.property(scores, score, fc.integer({ min: 2, max: 60 }), (places, anchor, wanted) => {
        const [low, high] = [Math.min(anchor, ...places) - 0.5, Math.max(anchor, ...places) + 0.5];
        const bins = call("binEdges", low, high, anchor, wanted) as {
          first: number;
          width: number;
          count: number;
        };
        const counts = call("binCounts", places, bins) as number[];
        expect(counts.reduce((sum, one) => sum + one, 0)).toBe(places.length);
        expect(bins.first).toBeLessThanOrEqual(low + 1e-9);
        expect(bins.first + bins.count * bins.width).toBeGreaterThanOrEqual(high - 1e-9);
        const edge = Math.round((anchor - bins.first) / bins.width);
        expect(bins.first + edge * bins.width).toBeCloseTo(anchor, 9);
        const left = counts.slice(0, edge).reduce((sum, one) => sum + one, 0);
        expect(left).toBe(places.filter((place) => place < anchor).length);
      }),
    );
  });
});

describe("ticks", () => {
  it("are round and inside", () => {
    expect(call("ticks", 6.4, 39, 6, false)).toEqual([10, 20, 30]);
    expect(call("ticks", 0.2, 1.1, 5, false)).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
    expect(call("ticks", 3, 600, 8, true)).toEqual([5, 10, 20, 50, 100, 200, 500]);
  });
});
