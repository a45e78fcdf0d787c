import { expect, it } from "vitest";
import { blendPixel, type Canvas, createCanvas, fillRect, fillRounded, paste, strokeRect } from "./canvas.js";

/** The red channel as rows of numbers. */
function red(canvas: Canvas): number[][] {
  return Array.from({ length: canvas.height }, (_, y) =>
    Array.from({ length: canvas.width }, (_, x) => canvas.data[(y * canvas.width + x) * 3]!),
  );
}

it("fills and outlines rectangles, clipped to the canvas", () => {
  const canvas = createCanvas(5, 4, [1, 2, 3]);
  expect(Array.from(canvas.data.subarray(0, 3))).toEqual([1, 2, 3]);
  fillRect(canvas, 3, 2, 9, 9, [7, 7, 7]);
  fillRect(canvas, -2, -2, 3, 3, [9, 9, 9]);
  fillRect(canvas, 9, 0, 2, 2, [5, 5, 5]);
  expect(red(canvas)).toEqual([
    [9, 1, 1, 1, 1],
    [1, 1, 1, 1, 1],
    [1, 1, 1, 7, 7],
    [1, 1, 1, 7, 7],
  ]);
  const frame = createCanvas(5, 4, [0, 0, 0]);
  strokeRect(frame, 0, 0, 5, 4, 1, [1, 1, 1]);
  expect(red(frame)).toEqual([
    [1, 1, 1, 1, 1],
    [1, 0, 0, 0, 1],
    [1, 0, 0, 0, 1],
    [1, 1, 1, 1, 1],
  ]);
});

it("rounds corners and fills the middle", () => {
  const canvas = createCanvas(10, 10, [0, 0, 0]);
  fillRounded(canvas, 0, 0, 10, 10, 4, [200, 200, 200]);
  const rows = red(canvas);
  expect(rows[0]![0]).toBe(0);
  expect(rows[0]![5]).toBe(200);
  expect(rows[5]![5]).toBe(200);
  expect(rows).toEqual(rows.toReversed());
  expect(rows.flat().some((value) => value > 0 && value < 200)).toBe(true);
});

it("pastes, cut at the right and lower edge", () => {
  const canvas = createCanvas(4, 3, [0, 0, 0]);
  paste(canvas, createCanvas(3, 3, [5, 5, 5]), 2, 1);
  expect(red(canvas)).toEqual([
    [0, 0, 0, 0],
    [0, 0, 5, 5],
    [0, 0, 5, 5],
  ]);
});

it("blends single pixels and ignores those outside", () => {
  const canvas = createCanvas(2, 1, [0, 0, 0]);
  blendPixel(canvas, 0, 0, [100, 100, 100], 0.5);
  blendPixel(canvas, 1, 0, [100, 100, 100], 7);
  blendPixel(canvas, 2, 0, [9, 9, 9], 1);
  blendPixel(canvas, 0, -1, [9, 9, 9], 1);
  blendPixel(canvas, 0, 0, [9, 9, 9], 0);
  expect(red(canvas)).toEqual([[50, 100]]);
});
