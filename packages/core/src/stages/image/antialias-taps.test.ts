import fc from "fast-check";
import { expect, test } from "vitest";
import { RUN_WEIGHT_BITS } from "../../kernels/pixel-kernels.js";
import { antialiasTaps } from "./antialias-taps.js";

const ONE = 2 ** RUN_WEIGHT_BITS;

test("4 to 2: a triangle over four pixels, cut at the border", () => {
  const { first, offset, weight } = antialiasTaps(4, 2);
  expect([...first]).toEqual([0, 1]);
  expect([...offset]).toEqual([0, 3, 6]);
  expect([...weight].map((share) => Math.round((share / ONE) * 7))).toEqual([3, 3, 1, 1, 3, 3]);
});

test("taps lie in the source and weigh one in all, whatever the factor", () => {
  const side = fc.integer({ min: 1, max: 400 });
  fc.assert(
    fc.property(side, side, (source, target) => {
      const { first, offset, weight } = antialiasTaps(source, target);
      for (let index = 0; index < target; index++) {
        const shares = weight.subarray(offset[index], offset[index + 1]);
        expect(first[index]).toBeGreaterThanOrEqual(0);
        expect((first[index] ?? 0) + shares.length).toBeLessThanOrEqual(source);
        expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
        // Each weight is rounded on its own.
        const sum = shares.reduce((total, share) => total + share, 0);
        expect(Math.abs(sum - ONE)).toBeLessThanOrEqual(shares.length / 2);
      }
    }),
  );
});
