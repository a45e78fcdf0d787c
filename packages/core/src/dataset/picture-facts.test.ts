import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RgbImage } from "../stages/image/image.js";
import { resizeArea } from "../stages/image/resize-area.js";
import { resizeLinear } from "../stages/image/resize-linear.js";
import { renderPart } from "../synth/render-part.js";
import { pictureFacts } from "./picture-facts.js";

const part = renderPart("cloth", { seed: 1, width: 128, height: 96 }).image;
const flat = (value: number, width = 40, height = 30): RgbImage => ({
  width,
  height,
  channels: 3,
  data: new Uint8Array(width * height * 3).fill(value),
});
const changed = (image: RgbImage, change: (value: number) => number): RgbImage => ({
  ...image,
  data: image.data.map(change),
});

describe("pictureFacts", () => {
  it("measures a picture of one colour", () => {
    const facts = pictureFacts(flat(100));
    expect(facts).toMatchObject({
      width: 40,
      height: 30,
      black: 0,
      white: 0,
      sharpness: Number.NEGATIVE_INFINITY,
    });
    expect(facts.brightness).toBeCloseTo(100, 9);
    expect([...facts.look]).toEqual(Array(256).fill(12800));
  });

  it("counts black and white pixels, and weighs colours as the eye does", () => {
    const image = flat(0, 4, 1);
    image.data.set([255, 0, 0, 0, 255, 0, 253, 254, 255, 2, 1, 0]);
    const facts = pictureFacts(image);
    expect([facts.black, facts.white]).toEqual([0.25, 0.25]);
    expect(facts.brightness).toBeCloseTo((0.299 * 255 + 0.587 * 255 + 253.82 + 1.185) / 4, 2);
  });

  it("finds a blurred picture less sharp, whatever its light", () => {
    const sharp = pictureFacts(part).sharpness;
    const blurred = resizeLinear(resizeArea(part, 43, 32), 128, 96);
    expect(pictureFacts(blurred).sharpness).toBeLessThan(sharp - 1);
    const darker = changed(part, (value) => value * 0.6);
    expect(pictureFacts(darker).sharpness).toBeCloseTo(sharp, 1);
  });

  it("averages any size to 16 × 16, and keeps the picture", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), (width, height) => {
        const image = flat(77, width, height);
        expect(new Set(pictureFacts(image).look)).toEqual(new Set([77 * 128]));
      }),
    );
    const before = part.data.slice();
    pictureFacts(part);
    expect(part.data).toEqual(before);
  });

  it("refuses data of another size", () => {
    expect(() => pictureFacts({ ...flat(1), width: 41 })).toThrow(
      expect.objectContaining({ code: "IMAGE_PIXELS" }),
    );
  });
});
