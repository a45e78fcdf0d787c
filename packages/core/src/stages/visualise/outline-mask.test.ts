import { describe, expect, it } from "vitest";
import type { Mask, RgbImage } from "../image/image.js";
import { createCanvas } from "./canvas.js";
import { outlineMask } from "./outline-mask.js";

const grey = createCanvas(7, 6, [9, 9, 9]);

function maskOf(...pixels: (readonly [number, number])[]): Mask {
  const data = new Uint8Array(7 * 6);
  for (const [x, y] of pixels) data[y * 7 + x] = 1;
  return { width: 7, height: 6, channels: 1, data };
}

const drawn = ({ data }: RgbImage) =>
  Array.from({ length: 6 }, (_, y) =>
    Array.from({ length: 7 }, (_, x) => (data[3 * (7 * y + x)] === 200 ? "#" : ".")).join(""),
  );

describe("outlineMask", () => {
  it("goes round the mask, outside", () => {
    const out = outlineMask(grey, maskOf([2, 2], [3, 2]), [200, 0, 0], 1);
    expect(drawn(out)).toEqual([".......", "..##...", ".#..#..", "..##...", ".......", "......."]);
    expect(grey.data.every((value) => value === 9)).toBe(true);
  });

  it("may be thick and leave the picture", () => {
    const out = outlineMask(grey, maskOf([0, 0]), [200, 0, 0], 3);
    expect(drawn(out)).toEqual(["###....", "###....", "##.....", ".......", ".......", "......."]);
  });

  it("of nothing is nothing", () =>
    expect(outlineMask(grey, maskOf(), [200, 0, 0], 1).data).toEqual(grey.data));
});
