import { describe, expect, it } from "vitest";
import { promiseFor } from "../../metrics/promise.js";
import { seededRandom } from "../../random.js";
import type { Decision } from "../../stages/decision/decision.js";
import { familyScores, type ZoneValues } from "./zone-calibration.js";

const plain = { minArea: 0, minPeak: 0.5, ignoreTouchingBorder: false, unit: 1 };

function zonesOf(weights: readonly number[]): Decision {
  const zones = weights.map((weight, i) => ({
    ...plain,
    name: `z${i}`,
    weight,
    runs: [100 * i, 100 * i + 50 - i],
  }));
  return { zones };
}

/** Zones of quite different heights and spreads, that have to do with each other. */
function drawn(random: ReturnType<typeof seededRandom>): ZoneValues {
  const common = random.normal();
  const scores = [
    10 * Math.exp(0.05 * random.normal() + 0.05 * common),
    2 * Math.exp(0.4 * random.normal()),
    500 + 30 * common,
  ];
  return { scores, peaks: scores.map((score) => 1.2 * score) };
}

/** What the model that is shipped says of a picture. */
function shippedScore({ zones }: Decision, { scores }: ZoneValues): number {
  return Math.max(...zones.map(({ weight, unit }, i) => (weight * scores[i]!) / unit));
}

describe("familyScores", () => {
  it.each([
    [20, 0.1, [1, 1, 1]],
    [20, 0.05, [1, 2, 0.5]],
    [50, 0.05, [1, 1, 1]],
    [100, 0.01, [1, 1, 1]],
  ] as const)(
    "keeps the asked rate for all zones together (%d pictures, %d asked, weights %j)",
    (count, rate, weights) => {
      const random = seededRandom(count, weights[1] * 10);
      const decision = zonesOf(weights);
      const rates: number[] = [];
      for (let training = 0; training < 600; training++) {
        const family = familyScores(
          decision,
          Array.from({ length: count }, () => drawn(random)),
        );
        const { threshold, expectedRate } = promiseFor(family.scores, rate);
        let alarms = 0;
        for (let i = 0; i < 200; i++) if (shippedScore(family.decision, drawn(random)) >= threshold) alarms++;
        rates.push(alarms / 200);
        expect(expectedRate).toBeLessThanOrEqual(rate + 1e-9);
      }
      const mean = rates.reduce((sum, one) => sum + one, 0) / rates.length;
      const spread = Math.sqrt(rates.reduce((sum, one) => sum + (one - mean) ** 2, 0) / rates.length ** 2);
      expect(mean).toBeLessThan(rate + 3 * spread);
      expect(mean).toBeGreaterThan(rate / 2);
    },
  );

  it("measures zones in the units of the largest one", () => {
    const random = seededRandom(4);
    const pictures = Array.from({ length: 30 }, () => drawn(random));
    const { decision } = familyScores(zonesOf([1, 1, 1]), pictures);
    expect(decision.zones[0]!.unit).toBe(1);
    expect(decision.zones[1]!.unit).toBeCloseTo(0.3, 1);
    expect(decision.zones[2]!.unit).toBeGreaterThan(30);
  });

  it("leaves scores as they are where there is one zone", () => {
    const pictures = [3, 1, 2].map((score) => ({ scores: [score], peaks: [score + 1] }));
    const { decision, scores, peaks } = familyScores(zonesOf([1]), pictures);
    expect(decision.zones[0]!.unit).toBe(1);
    expect([...scores, ...peaks]).toEqual([3, 1, 2, 4, 2, 3]);
  });

  it("divides a score by the usual height of the others alone", () => {
    const pictures = [10, 1, 2, 3].map((score) => ({ scores: [1, score], peaks: [1, score] }));
    const { scores } = familyScores(zonesOf([1, 1]), pictures);
    // Usual heights: of all 10; without the first 3, else 10. The first zone is 1 in all.
    expect(Array.from(scores)).toEqual([10 / 3, 1, 1, 1]);
  });

  it("takes peaks where filters leave most pictures without a score, and refuses maps of 0", () => {
    const pictures = [0, 0, 0, 5].map((score) => ({ scores: [1, score], peaks: [1, 8] }));
    expect(familyScores(zonesOf([1, 1]), pictures).decision.zones[1]!.unit).toBe(8);
    const dark = pictures.map(({ scores }) => ({ scores, peaks: [1, 0] }));
    expect(() => familyScores(zonesOf([1, 1]), dark)).toThrow("z1");
  });
});
