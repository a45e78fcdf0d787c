import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderPart } from "../../synth/render-part.js";
import type { RgbImage } from "../image/image.js";
import { resizeLinear } from "../image/resize-linear.js";
import { FLAT, measurePicture } from "./measure-picture.js";

const flat = (value: number, width = 40, height = 30): RgbImage => ({
  width,
  height,
  channels: 3,
  data: new Uint8Array(3 * width * height).fill(value),
});

const part = renderPart("label", { seed: 3, width: 128, height: 128 }).image;
const changed = (image: RgbImage, change: (value: number) => number): RgbImage => ({
  ...image,
  data: image.data.map((value) => Math.max(0, Math.min(255, Math.round(change(value))))),
});

describe("measurePicture", () => {
  it("gives finite numbers for pictures of every size and content", () => {
    const sides = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(sides, sides, fc.integer({ min: 0, max: 1000 }), (width, height, seed) => {
        const data = Uint8Array.from(
          { length: 3 * width * height },
          (_, i) => (i * (seed + 1) * 2654435761) >>> 24,
        );
        const { look, ...numbers } = measurePicture({ width, height, channels: 3, data });
        expect(Object.values(numbers).every(Number.isFinite)).toBe(true);
        expect(look).toHaveLength(1024);
      }),
      { numRuns: 60 },
    );
  });

  it("says what a flat picture is", () => {
    expect(measurePicture(flat(0))).toMatchObject({
      brightness: 0,
      contrast: 0,
      black: 1,
      white: 0,
      colour: 0,
    });
    expect(measurePicture(flat(255))).toMatchObject({ brightness: 255, black: 0, white: 1, sharpness: FLAT });
    expect(measurePicture(flat(100, 1, 1))).toMatchObject({ width: 1, height: 1, brightness: 100 });
    expect(new Set(measurePicture(flat(100, 1, 500)).look)).toEqual(new Set([100]));
  });

  it("follows light, and not the sharpness by it", () => {
    const [plain, dark] = [measurePicture(part), measurePicture(changed(part, (value) => value / 2))];
    expect(dark.brightness).toBeCloseTo(plain.brightness / 2, 0);
    expect(dark.contrast).toBeCloseTo(plain.contrast / 2, 0);
    expect(Math.abs(dark.sharpness - plain.sharpness)).toBeLessThan(0.1);
    expect(measurePicture(changed(part, (value) => value + 200)).white).toBeGreaterThan(0.5);
  });

  it("is lower the more a picture is blurred", () => {
    const blurred = (side: number) => resizeLinear(resizeLinear(part, side, side), 128, 128);
    const sharpness = [part, blurred(64), blurred(32), blurred(16)].map(
      (image) => measurePicture(image).sharpness,
    );
    expect(sharpness).toEqual(sharpness.toSorted((a, b) => b - a));
    expect(sharpness[0]! - sharpness[2]!).toBeGreaterThan(1);
  });

  it("knows grey from colour", () => {
    const grey = { ...part, data: part.data.map((_, i) => part.data[i - (i % 3)]!) };
    expect(measurePicture(grey).colour).toBe(0);
    expect(measurePicture(part).colour).toBeGreaterThan(10);
  });

  it("refuses data that does not fit", () => {
    expect(() => measurePicture({ ...part, width: 127 })).toThrow(/IMAGE_PIXELS/);
  });
});
