import { describe, expect, it } from "vitest";
import { promiseFor, promiseOf, promiseWith } from "./promise.js";

const scores = (count: number) => Float64Array.from({ length: count }, (_, i) => (i * 7919) % count);

describe("promiseFor", () => {
  it("takes the k-th smallest score, k = ⌈(N + 1)(1 − α)⌉", () => {
    expect(promiseFor(scores(99), 0.05)).toMatchObject({
      rank: 95,
      threshold: 94,
      expectedRate: 0.05,
      reached: true,
    });
    expect(promiseFor(scores(99), 0.01)).toMatchObject({ rank: 99, threshold: 98, reached: true });
    expect(promiseFor(scores(19), 0.05)).toMatchObject({ rank: 19, reached: true });
  });

  it("says when there are too few scores, and takes the highest", () => {
    const promise = promiseFor(scores(18), 0.05);
    expect(promise).toMatchObject({ rank: 18, threshold: 17, reached: false });
    expect(promise.expectedRate).toBeCloseTo(1 / 19, 12);
  });

  it("guarantees 5 % from 59 pictures, 1 % from 299, 14 % from 20, each at the highest score", () => {
    expect(promiseWith(59, 0.001).guaranteedRate).toBeLessThan(0.05);
    expect(promiseWith(58, 0.001).guaranteedRate).toBeGreaterThan(0.05);
    expect(promiseWith(299, 0.001).guaranteedRate).toBeLessThan(0.01);
    expect(promiseWith(298, 0.001).guaranteedRate).toBeGreaterThan(0.01);
    expect(promiseWith(20, 0.01).guaranteedRate).toBeCloseTo(0.139, 3);
  });

  it("keeps both promises on simulated scores", () => {
    let state = 12345;
    const uniform = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    const runs = 4000;
    let [sum, exceeded] = [0, 0];
    for (let run = 0; run < runs; run++) {
      const promise = promiseFor(Array.from({ length: 50 }, uniform), 0.1);
      const realised = 1 - promise.threshold;
      sum += realised;
      if (realised > promise.guaranteedRate) exceeded++;
    }
    expect(sum / runs).toBeLessThan(0.1 + 0.003);
    expect(exceeded / runs).toBeGreaterThan(0.03);
    expect(exceeded / runs).toBeLessThan(0.065);
  });

  it.each([0, 1, -0.1, Number.NaN])("refuses the rate %s", (rate) => {
    expect(() => promiseFor([1, 2], rate)).toThrow(/OPTION_VALUE/);
  });

  it("refuses no scores and NaN", () => {
    expect(() => promiseFor([], 0.1)).toThrow(/found none/);
    expect(() => promiseFor([1, Number.NaN], 0.1)).toThrow(/NaN/);
  });
});

describe("promiseOf", () => {
  it("says what a threshold chosen by hand promises", () => {
    const asked = promiseFor(scores(99), 0.05);
    expect(promiseOf(scores(99), asked.threshold).expectedRate).toBeCloseTo(0.05, 12);
    expect(promiseOf(scores(99), 94.5).expectedRate).toBeCloseTo(0.05, 12);
    expect(promiseOf(scores(99), 1000).expectedRate).toBeCloseTo(0.01, 12);
    expect(promiseOf(scores(99), -1)).toMatchObject({ rank: 0, expectedRate: 1, guaranteedRate: 1 });
  });
});
