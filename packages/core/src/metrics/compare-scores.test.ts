import { describe, expect, it } from "vitest";
import { seededRandom } from "../random.js";
import { compareScores, nestedAuroc } from "./compare-scores.js";
import { auroc } from "./ranking.js";

/** Scores that share what makes a part hard; `gap` is how far defects stand off. */
function scores(gap: number, seed: number, own = 0.1) {
  const shared = seededRandom(1);
  const noise = seededRandom(seed, 1);
  const list = (lift: number) =>
    Array.from({ length: 60 }, () => shared.normal() + lift + own * noise.normal());
  return { good: list(0), anomalous: list(gap) };
}

describe("compareScores", () => {
  it("is the difference of the areas, with an interval around it", () => {
    const [a, b] = [scores(1, 1), scores(1.6, 2)];
    const { difference, interval, decided } = compareScores(a, b);
    expect(difference).toBeCloseTo(auroc(b) - auroc(a), 12);
    expect(interval[0]).toBeLessThan(difference);
    expect(interval[1]).toBeGreaterThan(difference);
    expect(decided).toBe(true);
  });

  it("is the same the other way round, and decides nothing between equals", () => {
    const [a, b] = [scores(1, 1), scores(1.6, 2)];
    expect(compareScores(b, a).difference).toBeCloseTo(-compareScores(a, b).difference, 12);
    expect(compareScores(a, a)).toMatchObject({ difference: 0, interval: [0, 0], decided: false });
    expect(compareScores(scores(1, 1), scores(1, 2)).decided).toBe(false);
  });
});

describe("nestedAuroc", () => {
  it("does not praise the luckiest of many ways that are all guessing", () => {
    const random = seededRandom(9);
    const guesses = () => Array.from({ length: 30 }, () => random.normal());
    const ways = Array.from({ length: 40 }, () => ({ good: guesses(), anomalous: guesses() }));
    const best = Math.max(...ways.map(auroc));
    expect(best).toBeGreaterThan(0.6);
    expect(Math.abs(nestedAuroc(ways) - 0.5)).toBeLessThan(0.08);
  });

  it("is the area of a way that is better everywhere, and nothing without parts", () => {
    const perfect = { good: [1, 2, 3, 4], anomalous: [5, 6, 7] };
    expect(nestedAuroc([perfect, { good: [3, 1, 2, 9], anomalous: [0, 5, 4] }])).toBe(1);
    expect(nestedAuroc([{ good: [1], anomalous: [2] }])).toBeNaN();
    expect(nestedAuroc([])).toBeNaN();
  });
});
