import { expect, it } from "vitest";
import { blockEntries, blockPlace, isWhole, nextPlace } from "./packed-factors.js";

it("a block holds its triangle and the diagonal behind it", () => {
  // Nothing linked: one number a channel.
  expect([1, 4, 7].map((channels) => blockEntries(channels, 0))).toEqual([1, 4, 7]);
  // Four rows of four columns, and three numbers.
  expect(blockEntries(7, 1)).toBe(16 + 3);
  // Four rows of eight columns more, the eighth row and column padding.
  expect(blockEntries(7, 2)).toBe(16 + 32);
});

it("a block is whole when its triangle has room for every channel", () => {
  expect([7, 8, 9].map((channels) => isWhole(channels, 2))).toEqual([true, true, false]);
});

it("blocks follow each other, and only those that are not whole have an order", () => {
  const head = { channels: 7, linkedGroups: Int16Array.of(2, 1, 0, 2) };
  const places = [0, 1, 2, 3, 4].map((block) => blockPlace(head, block));
  expect(places.map(({ factor }) => factor / 8)).toEqual([0, 48, 48 + 19, 48 + 19 + 7, 48 + 19 + 7 + 48]);
  expect(places.map(({ order }) => order / 8)).toEqual([0, 0, 7, 14, 14]);
  expect(nextPlace(7, 1, places[1])).toEqual(places[2]);
});
