import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mersenneTwister, seededRandom } from "./random.js";

const seeds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

describe("seededRandom", () => {
  it("gives the same numbers for the same seed and others for another seed or stream", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const draw = (from: number, stream?: number): number[] => {
          const random = seededRandom(from, stream);
          return Array.from({ length: 4 }, () => random.uint32());
        };
        expect(draw(seed)).toEqual(draw(seed));
        expect(draw(seed)).not.toEqual(draw(seed, 1));
        expect(draw(seed)).not.toEqual(draw((seed + 1) % Number.MAX_SAFE_INTEGER));
      }),
    );
  });

  it("is pinned: these numbers never change", () => {
    const random = seededRandom(42);
    expect([
      random.uint32(),
      random.uint32(),
      random.int(1000),
      random.next(),
      random.normal(),
    ]).toMatchInlineSnapshot(`
      [
        78633751,
        3784156680,
        363,
        0.3933892866541241,
        0.4839737991800777,
      ]
    `);
  });

  it("gives int(n) every value equally often", () => {
    const random = seededRandom(1);
    const counts = new Float64Array(7);
    for (let i = 0; i < 70_000; i++) counts[random.int(7)]!++;
    // Chi-squared with 6 degrees of freedom: 27.9 is exceeded by one good generator in 10,000.
    expect(counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(27.9);
    expect(seededRandom(3).int(1)).toBe(0);
  });

  it("gives normal numbers: mean, variance, skewness, kurtosis, tails", () => {
    const random = seededRandom(2);
    const draws = Float64Array.from({ length: 200_000 }, () => random.normal());
    const moment = (power: number): number => draws.reduce((sum, x) => sum + x ** power, 0) / draws.length;
    expect(Math.abs(moment(1))).toBeLessThan(0.01);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.015);
    expect(Math.abs(moment(3))).toBeLessThan(0.03);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.1);
    expect(draws.filter((x) => Math.abs(x) > 1.959964).length / draws.length).toBeCloseTo(0.05, 2);
  });

  it("stays in range, shuffles without loss, and picks", () => {
    fc.assert(
      fc.property(seeds, fc.array(fc.integer(), { minLength: 1, maxLength: 40 }), (seed, items) => {
        const random = seededRandom(seed);
        const before = [...items];
        const order = (list: readonly number[]): number[] => [...list].sort((a, b) => a - b);
        expect(order(random.shuffle(items))).toEqual(order(items));
        expect(items).toEqual(before);
        expect(items).toContain(random.pick(items));
        const x = random.range(-2, 3);
        expect(x >= -2 && x < 3).toBe(true);
      }),
    );
  });

  it.each([-1, 1.5, Number.NaN, 2 ** 53])("refuses the seed %s", (seed) => {
    expect(() => seededRandom(seed)).toThrow(
      expect.objectContaining({ code: "OPTION_VALUE", subject: "seed" }),
    );
  });

  it("refuses to pick below 1", () => {
    expect(() => seededRandom(1).int(0)).toThrow(expect.objectContaining({ code: "OPTION_VALUE" }));
    expect(() => seededRandom(1).pick([])).toThrow(expect.objectContaining({ code: "OPTION_VALUE" }));
  });
});

describe("mersenneTwister", () => {
  const first = (key: number | Uint32Array, count: number): number[] => {
    const uint32 = mersenneTwister(key);
    return Array.from({ length: count }, () => uint32());
  };

  it("gives the authors' numbers: plain seed 5489 and the key 0x123 0x234 0x345 0x456", () => {
    expect(first(5489, 4)).toEqual([3499211612, 581869302, 3890346734, 3586334585]);
    expect(first(Uint32Array.of(0x123, 0x234, 0x345, 0x456), 4)).toEqual([
      1067595299, 955945823, 477289528, 4107218783,
    ]);
  });

  it("gives the 10,000th number that the C++ standard demands of mt19937", () => {
    expect(first(5489, 10_000).at(-1)).toBe(4123659995);
  });
});
