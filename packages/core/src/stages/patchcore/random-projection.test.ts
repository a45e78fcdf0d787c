import { describe, expect, it } from "vitest";
import { seededRandom } from "../../random.js";
import { DIMENSIONS, projectedDimensions, randomProjection } from "./random-projection.js";

const vectorOf = (channels: number, seed: number) => {
  const random = seededRandom(seed);
  return Float64Array.from({ length: channels }, () => random.normal());
};
const projections = new Map(
  [200, 300].map((channels) => [channels, randomProjection(channels, seededRandom(4))]),
);
const projected = (vector: Float64Array, stride = 1) => {
  const out = new Float32Array(stride * DIMENSIONS + 2);
  const project = projections.get(vector.length) ?? randomProjection(vector.length, seededRandom(4));
  project(vector, out, 2, stride);
  return out;
};

describe("randomProjection", () => {
  it("leaves short vectors as they are", () => {
    expect([1, 128, 129, 448].map(projectedDimensions)).toEqual([1, 128, 128, 128]);
    expect([...projected(Float64Array.of(1, 2, 3), 2)].slice(0, 8)).toEqual([0, 0, 1, 0, 2, 0, 3, 0]);
  });

  it("keeps squared distances in the mean, and each roughly", () => {
    const ratios = Array.from({ length: 100 }, (_, i) => {
      const other = vectorOf(300, i + 500);
      const difference = vectorOf(300, i).map((value, d) => value - (other[d] as number));
      const square = (values: ArrayLike<number>) =>
        Array.from(values).reduce((sum, value) => sum + value * value, 0);
      return square(projected(difference)) / square(difference);
    });
    expect(ratios.reduce((sum, ratio) => sum + ratio, 0) / 100).toBeCloseTo(1, 1);
    // Standard deviation √(2 / 128) = 0.125.
    expect(Math.min(...ratios)).toBeGreaterThan(0.5);
    expect(Math.max(...ratios)).toBeLessThan(1.5);
  });

  it("is linear, seeded, and writes at its stride only", () => {
    const [a, b] = [vectorOf(200, 1), vectorOf(200, 2)];
    const [pa, pb] = [projected(a), projected(b)];
    projected(a.map((value, d) => value + (b[d] as number))).forEach((value, i) => {
      expect(value).toBeCloseTo((pa[i] as number) + (pb[i] as number), 5);
    });
    const again = new Float32Array(DIMENSIONS + 2);
    randomProjection(200, seededRandom(4))(a, again, 2, 1);
    expect(again).toEqual(pa);
    const wide = projected(a, 3);
    expect([...wide].filter((_, i) => i % 3 === 2)).toEqual([...pa.subarray(2)]);
    expect([...wide].filter((_, i) => i % 3 !== 2).every((value) => value === 0)).toBe(true);
  });
});
