import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noiseRgb } from "../../../../../tests/support/noise.js";
import { padPicture, paintRuns } from "./pad-and-paint.js";
import { pixelsAsSeen, preProcessedSize } from "./pre-process.js";
import type { PreprocessStep } from "./steps.js";

const picture = noiseRgb(6, 4, 5);
const colour = [9, 8, 7];
const side = fc.nat(5);

describe("padPicture", () => {
  it("keeps the picture at its place and gives the rest the colour", () => {
    fc.assert(
      fc.property(side, side, side, side, (left, top, right, bottom) => {
        const [width, height] = [left + 6 + right, top + 4 + bottom];
        const { data } = padPicture(picture, { type: "pad", left, top, width, height, colour });
        data.forEach((value, i) => {
          const [x, y] = [(Math.floor(i / 3) % width) - left, Math.floor(i / (3 * width)) - top];
          const inside = x >= 0 && x < 6 && y >= 0 && y < 4;
          expect(value).toBe(inside ? picture.data[3 * (y * 6 + x) + (i % 3)] : colour[i % 3]);
        });
      }),
    );
  });

  it.each([
    { left: 1, top: 0, width: 6, height: 4, colour },
    { left: 0, top: -1, width: 9, height: 9, colour },
    { left: 0, top: 0, width: 7, height: 4, colour: [1, 2] },
    { left: 0, top: 0, width: 7, height: 4, colour: [1, 2, 256] },
  ])("refuses %j", (pad) =>
    expect(() => padPicture(picture, { type: "pad", ...pad })).toThrow(
      expect.objectContaining({ code: "METADATA_TRANSFORM" }),
    ),
  );
});

describe("paintRuns", () => {
  it("paints a copy, or the picture itself when it may", () => {
    const before = picture.data.slice();
    const step = { type: "paint", runs: [1, 3, 20, 24], colour } as const;
    const painted = paintRuns(picture, step, false);
    expect(picture.data).toEqual(before);
    painted.data.forEach((value, i) => {
      const at = Math.floor(i / 3);
      const marked = (at >= 1 && at < 3) || at >= 20;
      expect(value).toBe(marked ? colour[i % 3] : before[i]);
    });
    const own = { ...picture, data: before.slice() };
    expect(paintRuns(own, step, true).data).toBe(own.data);
    expect(own.data).toEqual(painted.data);
  });

  it("refuses runs beyond the picture", () =>
    expect(() => paintRuns(picture, { type: "paint", runs: [20, 25], colour }, true)).toThrow("6 × 4"));
});

it("a list of steps never changes the caller's picture and tells its size beforehand", () => {
  const steps: PreprocessStep[] = [
    { type: "crop", x: 1, y: 1, width: 4, height: 2 },
    { type: "resize", width: 8, height: 4, interpolation: "linear" },
    { type: "pad", left: 0, top: 1, width: 8, height: 8, colour },
    { type: "paint", runs: [0, 9], colour },
  ];
  const before = picture.data.slice();
  expect(pixelsAsSeen(picture, steps)).toMatchObject({ width: 8, height: 8 });
  expect(preProcessedSize(steps, 6, 4)).toEqual({ width: 8, height: 8 });
  expect(pixelsAsSeen(picture, steps.slice(3))).not.toBe(picture);
  expect(picture.data).toEqual(before);
});
