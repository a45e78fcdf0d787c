import fc from "fast-check";
import { expect, it } from "vitest";
import { seededRandom } from "../../random.js";
import { farthestPatches } from "./farthest-patches.js";
import { readPoint } from "./greedy-selection.js";

const CELLS = 7;

it("keeps the farthest of all, of equally far ones the first, in any order of pictures", () => {
  const case_ = fc.record({
    pictures: fc.integer({ min: 1, max: 12 }),
    most: fc.integer({ min: 1, max: 90 }),
    channels: fc.integer({ min: 1, max: 4 }),
    seed: fc.nat(),
    coarse: fc.boolean(),
  });
  fc.assert(
    fc.property(case_, ({ pictures, most, channels, seed, coarse }) => {
      const random = seededRandom(seed);
      const all = Array.from({ length: pictures }, () => ({
        data: Float32Array.from({ length: channels * CELLS }, () => random.normal()),
        squared: Float32Array.from({ length: CELLS }, () => (coarse ? random.int(4) : random.next())),
      }));
      const order = random.shuffle([...all.keys()]);
      const padded = Math.ceil(most / 8) * 8;
      const points = { count: most, channels, data: new Float32Array(padded * channels) };
      const distances = new Float32Array(padded);
      const far = farthestPatches(channels, most, points.data, distances);
      for (const picture of order) far.offer(all[picture]!.data, picture * CELLS, all[picture]!.squared);
      const numbers = far.sorted();

      const flat = all.flatMap(({ squared }) => [...squared]);
      const expected = [...flat.keys()]
        .sort((a, b) => (flat[b] as number) - (flat[a] as number) || a - b)
        .slice(0, most);
      expect([...numbers]).toEqual(expected);
      const row = new Float32Array(channels);
      expected.forEach((number, place) => {
        expect(distances[place]).toBe(flat[number]);
        readPoint(points, place, row);
        const { data } = all[Math.floor(number / CELLS)]!;
        row.forEach((value, d) => {
          expect(value).toBe(data[d * CELLS + (number % CELLS)]);
        });
      });
      expect([...distances.subarray(expected.length)].every((value) => value === -1)).toBe(true);
    }),
    { numRuns: 200 },
  );
});
