import { expect, it } from "vitest";
import { resizeLinearMap } from "../image/resize-linear-map.js";
import { mapInView, maskInView } from "./place-in-view.js";

const map = { width: 4, height: 3, data: Float32Array.from({ length: 12 }, (_, i) => i / 8) };
const mask = {
  width: 4,
  height: 3,
  channels: 1 as const,
  data: Uint8Array.from(map.data, (v) => Number(v > 0.6)),
};
const size = { width: 20, height: 16 };
const view = { x: 5, y: 2, width: 10, height: 9 };

it("is the enlarged map in the view and 0 elsewhere", () => {
  const shown = resizeLinearMap(map, 10, 9);
  const { data } = mapInView(map, view, size);
  const marks = maskInView(mask, view, size).data;
  const inside = maskInView(mask, { x: 0, y: 0, width: 10, height: 9 }, { width: 10, height: 9 }).data;
  data.forEach((value, at) => {
    const [x, y] = [(at % 20) - 5, Math.floor(at / 20) - 2];
    const within = x >= 0 && x < 10 && y >= 0 && y < 9;
    expect(value).toBe(within ? shown.data[y * 10 + x] : 0);
    expect(marks[at]).toBe(within ? inside[y * 10 + x] : 0);
  });
});

it("makes the rows that matter, whatever the view", () => {
  const whole = mapInView(map, view, size).data;
  const some = mapInView(map, view, size, { from: 4, to: 7 }).data;
  expect(some.subarray(4 * 20, 7 * 20)).toEqual(whole.subarray(4 * 20, 7 * 20));
  expect(mapInView(map, view, size, { from: 0, to: 1 }).data.every((value) => value === 0)).toBe(true);
});

it("is the resized map where the view is the picture", () =>
  expect(mapInView(map, { x: 0, y: 0, ...size }, size)).toEqual(resizeLinearMap(map, 20, 16)));
