import { describe, expect, it } from "vitest";
import type { RgbImage } from "./image.js";
import { reducePicture } from "./reduce-picture.js";
import { resizeArea } from "./resize-area.js";

function smooth(width: number, height: number): RgbImage {
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    return 128 + 60 * Math.sin(x / 40) + 60 * Math.cos(y / 50);
  });
  return { width, height, channels: 3, data };
}

describe("reducePicture", () => {
  it("is nearly what averaging all rows gives", () => {
    const image = smooth(600, 500);
    const [quick, whole] = [reducePicture(image, 64, 50), resizeArea(image, 64, 50)];
    expect([quick.width, quick.height, quick.data.length]).toEqual([64, 50, 3 * 64 * 50]);
    for (const [i, value] of quick.data.entries())
      expect(Math.abs(value - whole.data[i]!)).toBeLessThanOrEqual(2);
  });

  it("keeps a flat picture as it is, at any size", () => {
    for (const [width, height] of [
      [1, 1],
      [1, 900],
      [900, 1],
      [333, 777],
    ] as const) {
      const data = new Uint8Array(3 * width * height).fill(77);
      const reduced = reducePicture(
        { width, height, channels: 3, data },
        Math.min(width, 32),
        Math.min(height, 32),
      );
      expect(new Set(reduced.data)).toEqual(new Set([77]));
    }
  });

  it("averages all rows where there are few, and enlarges like resizeArea", () => {
    const image = smooth(128, 128);
    for (const side of [64, 100, 128, 200])
      expect(reducePicture(image, side, side)).toEqual(resizeArea(image, side, side));
  });

  it("does not change its picture and refuses wrong data", () => {
    const image = smooth(300, 300);
    const before = image.data.slice();
    reducePicture(image, 20, 20);
    expect(image.data).toEqual(before);
    expect(() => reducePicture({ ...image, width: 301 }, 400, 20)).toThrow(/IMAGE_PIXELS/);
  });
});
