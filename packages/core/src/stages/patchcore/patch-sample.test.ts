import fc from "fast-check";
import { expect, it } from "vitest";
import { seededRandom } from "../../random.js";
import { readPoint } from "./greedy-selection.js";
import { patchSample } from "./patch-sample.js";
import { projectedDimensions, randomProjection } from "./random-projection.js";

it("keeps the drawn patches with their projections, whatever the order of pictures", () => {
  const case_ = fc.record({
    channels: fc.constantFrom(1, 3, 130),
    cells: fc.integer({ min: 1, max: 9 }),
    pictures: fc.integer({ min: 1, max: 8 }),
    count: fc.integer({ min: 1, max: 40 }),
    seed: fc.nat(),
  });
  fc.assert(
    fc.property(case_, ({ channels, cells, pictures, count, seed }) => {
      const random = seededRandom(seed, 9);
      const all = Array.from({ length: pictures }, () =>
        Float32Array.from({ length: channels * cells }, () => random.normal()),
      );
      const dimensions = projectedDimensions(channels);
      const points = new Float32Array(48 * dimensions);
      const sample = patchSample({ channels, cells, pictures }, count, seed, points);
      for (const picture of random.shuffle([...all.keys()])) sample.add(all[picture]!, picture);
      const length = Math.min(count, cells * pictures);
      expect(sample.numbers).toHaveLength(length);
      const project = randomProjection(channels, seededRandom(seed, 1));
      const [found, expected] = [new Float32Array(dimensions), new Float32Array(dimensions)];
      sample.numbers.forEach((number, i) => {
        const data = all[Math.floor(number / cells)]!;
        const patch = Float64Array.from({ length: channels }, (_, d) => data[d * cells + (number % cells)]!);
        expect([...sample.rows.subarray(i * channels, (i + 1) * channels)]).toEqual([...patch]);
        project(patch, expected, 0, 1);
        readPoint({ count: length, channels: dimensions, data: points }, i, found);
        expect(found).toEqual(expected);
      });
    }),
    { numRuns: 50 },
  );
});

it("says how much memory it lacks", () => {
  const shape = { channels: 2 ** 33, cells: 1024, pictures: 1024 };
  expect(() => patchSample(shape, 16, 0, new Float32Array(0))).toThrow(/MB.*MEMORY/);
});
