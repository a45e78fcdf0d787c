import fc from "fast-check";
import { expect, it } from "vitest";
import { seededRandom } from "../../random.js";
import { drawSample } from "./draw-sample.js";

it("draws different numbers, ascending, the same for the same seed", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 250 }),
      fc.nat(),
      (total, count, seed) => {
        const drawn = drawSample(total, count, seededRandom(seed));
        expect(drawn).toHaveLength(Math.min(total, count));
        drawn.forEach((number, i) => {
          expect(
            Number.isInteger(number) && number < total && number > (i === 0 ? -1 : (drawn[i - 1] as number)),
          ).toBe(true);
        });
        expect(drawSample(total, count, seededRandom(seed))).toEqual(drawn);
      },
    ),
  );
});

it("favours no number", () => {
  const random = seededRandom(1);
  const counts = new Float64Array(20);
  for (let round = 0; round < 4000; round++) for (const i of drawSample(20, 5, random)) counts[i]! += 1;
  // 1000 expected; standard deviation 27.
  expect(Math.min(...counts)).toBeGreaterThan(890);
  expect(Math.max(...counts)).toBeLessThan(1110);
});

it("draws a few from billions", () => {
  const drawn = drawSample(2 ** 32, 1000, seededRandom(7));
  expect(new Set(drawn).size).toBe(1000);
  expect(drawn[999]).toBeGreaterThan(0.99 * 2 ** 32);
});
