import { expect, it } from "vitest";
import { alignmentLook, cellSize, poseInPixels } from "./alignment-look.js";
import { REFERENCE_SIDE } from "./alignment-model.js";

it("brings every picture to one size, in grey", () => {
  const data = Uint8Array.from({ length: 3 * 50 * 20 }, (_, i) => [200, 100, 50][i % 3]!);
  const look = alignmentLook({ width: 50, height: 20, channels: 3, data });
  expect(look).toHaveLength(REFERENCE_SIDE ** 2);
  expect(look.every((value) => Math.abs(value - (0.299 * 200 + 0.587 * 100 + 0.114 * 50)) < 1e-9)).toBe(true);
});

it("knows what cells and units of a look stand for", () => {
  expect(cellSize({ width: 640, height: 480 })).toEqual({ across: 1, down: 0.75 });
  const pose = poseInPixels({ x: 12.8, y: -6.4, angle: 0.1 }, { width: 640, height: 480 });
  expect(pose).toEqual({ width: 640, height: 480, x: 64, y: -32, angle: 0.1 });
});
