import { expect, test } from "vitest";
import { noisePicture } from "../../../../../tests/support/noise.js";
import { interpolateFixed } from "./interpolate-fixed.js";
import type { LinearTaps } from "./linear-taps.js";

function taps(low: number[], high: number[], fraction: number[]): LinearTaps {
  return { low: Int32Array.from(low), high: Int32Array.from(high), fraction: Float32Array.from(fraction) };
}

test("reads exactly the pixels of the taps when the fractions are 0", () => {
  const picture = noisePicture(4, 3, 2, 7);
  const result = interpolateFixed(picture, taps([3, 0], [3, 1], [0, 0]), taps([2], [2], [0]));
  const at = (x: number, y: number) => [...picture.data.subarray((y * 4 + x) * 2, (y * 4 + x) * 2 + 2)];
  expect(result).toMatchObject({ width: 2, height: 1, channels: 2 });
  expect([...result.data]).toEqual([...at(3, 2), ...at(0, 2)]);
});

test("cuts each row's share of a 0/1 mask to quarters before it adds them", () => {
  const mask = { width: 1, height: 2, channels: 1, data: Uint8Array.of(1, 0) };
  const shares = [0, 0.25, 0.26, 0.5, 0.51, 0.75, 0.76];
  const rows = taps(
    shares.map(() => 0),
    shares.map(() => 1),
    shares,
  );
  const column = taps([0], [0], [0]);
  // A share of the 1 from a half counts: (⌊4 · share⌋ + 2) >> 2.
  expect([...interpolateFixed(mask, column, rows).data]).toEqual([1, 1, 1, 1, 0, 0, 0]);
});

test("blends the weights of both rows when both are the border row", () => {
  const grey = { width: 1, height: 1, channels: 1, data: Uint8Array.of(200) };
  const column = taps([0], [0], [0]);
  expect([...interpolateFixed(grey, column, taps([0, 0], [0, 0], [0.3, 0.9])).data]).toEqual([200, 200]);
});
