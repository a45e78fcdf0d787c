import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pythonRandom } from "./python-random.js";

const sum = (list: readonly number[]): number => list.reduce((total, value) => total + value, 0);
const weighted = (list: readonly number[]): number => sum(list.map((value, i) => i * value));

// What CPython 3.11 prints for random.seed(seed); random.sample(range(n), k).
const RESNET18_SEED_42 = [
  327, 57, 12, 379, 140, 125, 114, 71, 377, 52, 346, 444, 279, 44, 302, 216, 16, 15, 47, 111, 119, 258, 308,
  13, 287, 101, 366, 332, 359, 435, 214, 112, 229, 301, 142, 3, 388, 81, 357, 432, 174, 413, 79, 110, 390,
  172, 438, 429, 194, 49, 183, 176, 309, 135, 22, 373, 235, 274, 63, 193, 40, 282, 150, 321, 316, 185, 295,
  98, 360, 35, 23, 338, 116, 148,
] as const;
const SMALL: readonly (readonly [seed: number | bigint, n: number, expected: readonly number[]])[] = [
  [42, 448, [327, 57, 12, 379, 140, 125, 114, 71, 377, 52, 346, 279, 44, 302]],
  [42, 448, [327, 57, 12, 379, 140, 125, 114, 71, 377, 52, 346, 279, 44, 302, 216, 16, 15, 47, 111, 119]],
  [42, 448, [327, 57, 12, 379, 140]],
  [2 ** 31 - 1, 448, [162, 418, 61, 100, 148, 367, 170, 3, 404, 275, 98, 78]],
  [2 ** 32 - 1, 448, [325, 317, 104, 110, 310, 267, 149, 308, 174, 195, 344, 352]],
  [2 ** 32, 448, [57, 179, 213, 8, 11, 313, 412, 390, 169, 428, 279, 231]],
  [2 ** 40 + 7, 1792, [1256, 1530, 1668, 1309, 1168, 1445, 974, 513, 1260, 259, 1058, 768]],
  [12345678901234567890n, 100, [65, 69, 82, 57, 41, 45]],
  [7, 5, [2, 1, 3, 0, 4]],
  [1, 100000, [17611, 74606, 8271, 33432, 15455, 64937, 99740, 58915, 61898, 85405]],
  [3, 21, [7, 18, 17, 4]],
  [3, 22, [7, 18, 17, 4]],
  [42, 1, [0]],
  [42, 0, []],
];

describe("pythonRandom", () => {
  it("gives CPython's raw numbers", () => {
    const random = pythonRandom(42);
    expect([random.uint32(), random.uint32(), random.uint32(), random.uint32()]).toEqual([
      2746317213, 478163327, 107420369, 3184935163,
    ]);
  });

  it("draws Anomalib's 100 of 448 channels for seed 42 (ResNet-18)", () => {
    const drawn = pythonRandom(42).sample(448, 100);
    expect(drawn.slice(0, RESNET18_SEED_42.length)).toEqual(RESNET18_SEED_42);
    expect(drawn.slice(-5)).toEqual([273, 442, 365, 236, 370]);
    expect([sum(drawn), weighted(drawn)]).toEqual([22467, 1179865]);
    expect([drawn.filter((c) => c < 64).length, drawn.filter((c) => c >= 192).length]).toEqual([17, 54]);
  });

  it("draws Anomalib's 550 of 1792 channels for seed 42 (Wide-ResNet-50-2)", () => {
    const drawn = pythonRandom(42).sample(1792, 550);
    expect(drawn.slice(0, 10)).toEqual([1309, 228, 51, 1518, 563, 501, 457, 285, 1508, 209]);
    expect(drawn.slice(-5)).toEqual([1102, 403, 745, 883, 143]);
    expect([sum(drawn), weighted(drawn)]).toEqual([493015, 133993482]);
  });

  it("draws 100 of 448 for seed 0", () => {
    const drawn = pythonRandom(0).sample(448, 100);
    expect(drawn.slice(0, 5)).toEqual([432, 197, 388, 215, 20]);
    expect([sum(drawn), weighted(drawn)]).toEqual([23422, 1173839]);
  });

  it.each(SMALL)("seed %s of %s gives CPython's list", (seed, n, expected) => {
    expect(pythonRandom(seed).sample(n, expected.length)).toEqual(expected);
  });

  it("always gives k distinct numbers below n", () => {
    const cases = fc
      .integer({ min: 0, max: 3000 })
      .chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: 0, max: n })));
    fc.assert(
      fc.property(fc.nat(), cases, (seed, [n, k]) => {
        const drawn = pythonRandom(seed).sample(n, k);
        expect(new Set(drawn).size).toBe(k);
        expect(drawn.every((value) => Number.isInteger(value) && value >= 0 && value < n)).toBe(true);
      }),
    );
  });

  it.each([-1, 0.5, Number.NaN, -1n])("refuses the seed %s", (seed) => {
    expect(() => pythonRandom(seed)).toThrow(
      expect.objectContaining({ code: "OPTION_VALUE", subject: "seed" }),
    );
  });

  it("refuses to draw more than there are", () => {
    expect(() => pythonRandom(1).sample(3, 4)).toThrow(
      expect.objectContaining({ code: "OPTION_VALUE", subject: "k" }),
    );
  });
});
