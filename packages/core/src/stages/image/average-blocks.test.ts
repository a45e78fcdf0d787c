import { expect, test } from "vitest";
import { noisePicture } from "../../../../../tests/support/noise.js";
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

test.each([
  [256, 257],
  [257, 257],
])("sums of %d × %d pixels are exact, on both sides of what float32 holds", (across, down) => {
  const picture = noisePicture(2 * across, down, 1, 9);
  const { data } = averageBlocks(picture, across, down);
  const reciprocal = Math.fround(1 / (across * down));
  for (let block = 0; block < 2; block++) {
    const inside = picture.data.filter((_, at) => Math.floor((at % (2 * across)) / across) === block);
    const sum = inside.reduce((total, value) => total + value, 0);
    expect(data[block]).toBe(Math.round(Math.fround(Math.fround(sum) * reciprocal)));
  }
});

test("the largest sums do not overflow", () => {
  const side = 3000;
  const white = { width: side, height: side, channels: 1, data: new Uint8Array(side * side).fill(255) };
  expect([...averageBlocks(white, side, side).data]).toEqual([255]);
});
