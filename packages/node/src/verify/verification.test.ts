import { describe, expect, it } from "vitest";
import { comparison } from "./verification.js";

const answer = (score: number, ...values: number[]) => ({
  score,
  map: { width: values.length, height: 1, data: Float32Array.from(values) },
});

describe("comparison", () => {
  it("takes the worst of all pictures, as shares", () => {
    const { add, row } = comparison({ engine: "a", against: "b", tolerance: 0.01, threshold: 5 });
    add(answer(4.02, 0, 8), answer(4, 0, 8));
    add(answer(2, 1, 10), answer(2, 1.05, 10));
    expect(row()).toMatchObject({ pictures: 2, flips: 0, passed: true });
    expect(row().score).toBeCloseTo(0.005);
    expect(row().map).toBeCloseTo(0.005);
  });

  it("counts flips but for scores that stand at the threshold", () => {
    const { add, row } = comparison({ engine: "a", against: "b", tolerance: 0.01, threshold: 5 });
    add(answer(4.99, 1), answer(5.01, 1));
    expect(row().flips).toBe(0);
    add(answer(4, 1), answer(6, 1));
    expect(row()).toMatchObject({ flips: 1, passed: false });
  });

  it("fails for numbers that are none, maps of another size, and without pictures", () => {
    expect(comparison({ engine: "a", against: "b", tolerance: 1, threshold: null }).row().passed).toBe(false);
    for (const odd of [answer(Number.NaN, 1), answer(1, Number.NaN), answer(1, 1, 1)]) {
      const { add, row } = comparison({ engine: "a", against: "b", tolerance: 1, threshold: null });
      add(odd, answer(1, 1));
      expect(row().passed).toBe(false);
    }
  });
});
