import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adaptiveThreshold, auroc, averagePrecision, maxF1, operatingPoints } from "./ranking.js";

const few = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 25 });
const labelled = fc.record({ good: few, anomalous: few });

describe("auroc", () => {
  it("is the chance that an anomalous part scores higher, ties half", () => {
    fc.assert(
      fc.property(labelled, (scores) => {
        let wins = 0;
        for (const bad of scores.anomalous)
          for (const good of scores.good) wins += bad > good ? 1 : bad === good ? 0.5 : 0;
        expect(auroc(scores)).toBeCloseTo(wins / (scores.good.length * scores.anomalous.length), 12);
      }),
    );
  });

  it("turns around with the labels, and ignores monotone changes of the scores", () => {
    fc.assert(
      fc.property(labelled, ({ good, anomalous }) => {
        expect(auroc({ good: anomalous, anomalous: good })).toBeCloseTo(1 - auroc({ good, anomalous }), 12);
        const grow = (list: number[]) => list.map((value) => value ** 3 + 5);
        expect(auroc({ good: grow(good), anomalous: grow(anomalous) })).toBeCloseTo(
          auroc({ good, anomalous }),
          12,
        );
      }),
    );
  });

  it("is NaN without one of the classes", () => {
    expect(auroc({ good: [], anomalous: [1] })).toBeNaN();
    expect(averagePrecision({ good: [1], anomalous: [] })).toBeNaN();
    expect(maxF1({ good: [1], anomalous: [] }).f1).toBeNaN();
  });
});

it("average precision gives the textbook example", () => {
  expect(averagePrecision({ good: [0.1, 0.4], anomalous: [0.35, 0.8] })).toBeCloseTo(0.8333333333, 9);
});

it("operating points count what reaches each threshold", () => {
  expect(operatingPoints({ good: [1, 2], anomalous: [2, 3] })).toEqual([
    { threshold: 3, found: 1, falseAlarms: 0 },
    { threshold: 2, found: 2, falseAlarms: 1 },
    { threshold: 1, found: 2, falseAlarms: 2 },
  ]);
});

describe("thresholds that see the labels", () => {
  const split = (scores: number[], labels: number[]) => ({
    good: scores.filter((_, i) => labels[i] === 0),
    anomalous: scores.filter((_, i) => labels[i] === 1),
  });

  it.each([
    [[2.3, 1.6, 2.6, 7.9, 3.3], [0, 0, 0, 1, 1], 3.3],
    [[1, 2, 3, 4, 5, 6], [0, 0, 1, 0, 1, 1], 3],
    [[1, 2, 3, 4], [1, 0, 0, 1], 1],
    [[2, 2, 2, 5], [0, 1, 0, 1], 2],
    [[1, 4, 2], [0, 0, 0], 4],
    [[3, 1, 2], [1, 1, 1], 1],
  ])("adaptiveThreshold(%j, %j) = %d as Anomalib", (scores, labels, expected) => {
    expect(adaptiveThreshold(split(scores, labels))).toBe(expected);
  });

  it("no other threshold has a better F1", () => {
    fc.assert(
      fc.property(labelled, (scores) => {
        const best = maxF1(scores);
        for (const t of [...scores.good, ...scores.anomalous]) {
          const found = scores.anomalous.filter((s) => s >= t).length;
          const alarms = scores.good.filter((s) => s >= t).length;
          expect((2 * found) / (scores.anomalous.length + found + alarms)).toBeLessThanOrEqual(
            best.f1 + 1e-12,
          );
        }
      }),
    );
  });
});
