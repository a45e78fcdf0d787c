import { expect, test } from "vitest";
import { averageBlocks } from "./average-blocks.js";

/** A 2 × 2 picture whose every channel sums to 4 · value + rest. */
function block(channels: number, sums: number[]) {
  const data = new Uint8Array(4 * channels);
  sums.forEach((sum, channel) => {
    for (let pixel = 0; pixel < 4; pixel++)
      data[pixel * channels + channel] = (sum >> 2) + (pixel < sum % 4 ? 1 : 0);
  });
  return { width: 2, height: 2, channels, data };
}

test("2 × 2 blocks round halves up, but to even for two channels", () => {
  expect([...averageBlocks(block(1, [42]), 2, 2).data]).toEqual([11]);
  expect([...averageBlocks(block(3, [42, 46, 41]), 2, 2).data]).toEqual([11, 12, 10]);
  expect([...averageBlocks(block(4, [42, 46, 41, 43]), 2, 2).data]).toEqual([11, 12, 10, 11]);
  expect([...averageBlocks(block(2, [42, 46]), 2, 2).data]).toEqual([10, 12]);
});

test("other blocks round halves to even", () => {
  const row = { width: 4, height: 1, channels: 1, data: Uint8Array.of(0, 1, 1, 2) };
  expect([...averageBlocks(row, 2, 1).data]).toEqual([0, 2]);
});

test("the largest sums do not overflow", () => {
  const side = 3000;
  const white = { width: side, height: side, channels: 1, data: new Uint8Array(side * side).fill(255) };
  expect([...averageBlocks(white, side, side).data]).toEqual([255]);
});
