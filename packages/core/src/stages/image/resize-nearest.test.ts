import fc from "fast-check";
import { expect, test } from "vitest";
import { describeResampler, resizeCase } from "../../../../../tests/support/resample-reference.js";
import { resizeNearest } from "./resize-nearest.js";

describeResampler("nearest", resizeNearest);

test("makes no new values", () => {
  fc.assert(
    fc.property(resizeCase, ({ picture, width, height }) => {
      const known = new Set(picture.data);
      expect([...resizeNearest(picture, width, height).data].every((value) => known.has(value))).toBe(true);
    }),
  );
});

test("picks towards the top left", () => {
  const row = { width: 4, height: 1, channels: 1, data: Uint8Array.of(10, 20, 30, 40) };
  expect([...resizeNearest(row, 2, 1).data]).toEqual([10, 30]);
  expect([...resizeNearest(row, 6, 1).data]).toEqual([10, 10, 20, 30, 30, 40]);
});
