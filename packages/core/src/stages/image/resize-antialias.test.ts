import { expect, test } from "vitest";
import { describeResampler } from "../../../../../tests/support/resample-reference.js";
import { resizeAntialias } from "./resize-antialias.js";

describeResampler("antialias", resizeAntialias);

test("a fine grid becomes grey: the filter widens as the picture shrinks", () => {
  const data = Uint8Array.from({ length: 64 * 64 }, (_, index) => (index % 2) * 255);
  const result = resizeAntialias({ width: 64, height: 64, channels: 1, data }, 8, 8);
  for (const value of result.data) expect(Math.abs(value - 127.5)).toBeLessThan(5);
});

test("one side alone is filtered along that side only", () => {
  const data = Uint8Array.from({ length: 4 * 3 }, (_, index) => Math.floor(index / 4) * 100);
  const result = resizeAntialias({ width: 4, height: 3, channels: 1, data }, 2, 3);
  expect([...result.data]).toEqual([0, 0, 100, 100, 200, 200]);
});
