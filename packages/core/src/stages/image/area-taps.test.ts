import fc from "fast-check";
import { expect, test } from "vitest";
import { areaTaps } from "./area-taps.js";

test("5 to 2: two and a half pixels each", () => {
  const { first, offset, weight } = areaTaps(5, 2);
  expect([...first]).toEqual([0, 2]);
  expect([...offset]).toEqual([0, 3, 6]);
  expect([...weight].map((share) => share * 2.5)).toEqual(
    [1, 1, 0.5, 0.5, 1, 1].map((w) => expect.closeTo(w, 6)),
  );
});

test("a size that stays reads each pixel once, with weight 1", () => {
  const { first, weight } = areaTaps(6, 6);
  expect([...first]).toEqual([0, 1, 2, 3, 4, 5]);
  expect([...weight]).toEqual([1, 1, 1, 1, 1, 1]);
});

test("cells lie in the source, follow each other, and weigh 1 in all", () => {
  const target = fc.integer({ min: 1, max: 200 });
  fc.assert(
    fc.property(target, fc.integer({ min: 0, max: 800 }), (cells, more) => {
      const source = cells + more;
      const { first, offset, weight } = areaTaps(source, cells);
      expect(weight.length).toBe(offset[cells]);
      for (let cell = 0; cell < cells; cell++) {
        const shares = weight.subarray(offset[cell], offset[cell + 1]);
        expect((first[cell] ?? 0) + shares.length).toBeLessThanOrEqual(source);
        expect(first[cell]).toBeGreaterThanOrEqual(cell === 0 ? 0 : (first[cell - 1] ?? 0));
        // Overhangs below a thousandth of a pixel are dropped, so the sum may miss that much of a small cell.
        expect(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1)).toBeLessThan(2.1e-3);
      }
    }),
  );
});
