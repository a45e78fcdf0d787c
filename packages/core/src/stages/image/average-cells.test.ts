import fc from "fast-check";
import { expect, test } from "vitest";
import { noisePicture } from "../../../../../tests/support/noise.js";
import { averageCells } from "./average-cells.js";

test("three channels take their own way with the same result as one at a time", () => {
  const side = fc.integer({ min: 1, max: 30 });
  fc.assert(
    fc.property(side, side, side, side, (width, height, moreX, moreY) => {
      const rgb = noisePicture(width + moreX, height + moreY, 3, width);
      const whole = averageCells(rgb, width, height);
      for (let channel = 0; channel < 3; channel++) {
        const data = rgb.data.filter((_, index) => index % 3 === channel);
        const alone = averageCells({ ...rgb, channels: 1, data }, width, height);
        expect(alone.data).toEqual(whole.data.filter((_, index) => index % 3 === channel));
      }
    }),
  );
});

test("weighs the pixels that two cells share, and rounds half to even", () => {
  const row = { width: 3, height: 1, channels: 1, data: Uint8Array.of(10, 40, 100) };
  expect([...averageCells(row, 2, 1).data]).toEqual([20, 80]);
  const even = { width: 2, height: 1, channels: 2, data: Uint8Array.of(0, 2, 1, 3) };
  expect([...averageCells(even, 1, 1).data]).toEqual([0, 2]);
});
