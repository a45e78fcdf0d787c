/** Small cases by hand. That whole files come out as OpenCV and Pillow read them is proven in @blemish/node. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DecodedImage, ImageFormat } from "./image.js";
import { toRgb } from "./to-rgb.js";

function decoded(
  channels: number,
  samples: readonly number[],
  fields: Partial<DecodedImage> = {},
): DecodedImage {
  const colour = channels < 3 ? "grey" : "rgb";
  const width = samples.length / channels;
  const data = Uint8Array.from(samples);
  return {
    format: "png",
    width,
    height: 1,
    channels,
    colour,
    alpha: channels % 2 === 0,
    data,
    orientation: 1,
    ...fields,
  };
}

describe("toRgb", () => {
  it("gives three bytes a pixel and never changes what it was given", () => {
    const any = fc.record({
      channels: fc.integer({ min: 1, max: 4 }),
      width: fc.integer({ min: 1, max: 5 }),
      height: fc.integer({ min: 1, max: 5 }),
      deep: fc.boolean(),
      cmyk: fc.boolean(),
      format: fc.constantFrom<ImageFormat>("png", "jpeg", "webp", "tiff", "bmp", "pnm", "gif", "pixels"),
      orientation: fc.integer({ min: 1, max: 8 }),
      alphaKind: fc.constantFrom("straight" as const, "premultiplied" as const),
      seed: fc.integer({ min: 0, max: 65535 }),
    });
    fc.assert(
      fc.property(any, fc.constantFrom("opencv" as const, "pillow" as const), (given, rule) => {
        const { width, height, seed, deep, alphaKind, format, orientation } = given;
        const channels = given.cmyk ? 4 : given.channels;
        const samples = Array.from(
          { length: width * height * channels },
          (_, i) => (seed * (i + 1) * 7919) % 65536,
        );
        const data = deep ? Uint16Array.from(samples) : Uint8Array.from(samples);
        const colour = given.cmyk ? "cmyk" : channels < 3 ? "grey" : "rgb";
        const alpha = !given.cmyk && channels % 2 === 0;
        const before = data.slice();
        const image = toRgb(
          { format, width, height, channels, colour, alpha, data, orientation, traits: { alphaKind } },
          rule,
        );
        expect(image.data).toHaveLength(image.width * image.height * 3);
        expect(image.width * image.height).toBe(width * height);
        expect(data).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });

  it("repeats grey, drops alpha without compositing and shares what is RGB already", () => {
    expect([...toRgb(decoded(1, [7, 9]), "opencv").data]).toEqual([7, 7, 7, 9, 9, 9]);
    expect([...toRgb(decoded(2, [7, 0]), "pillow").data]).toEqual([7, 7, 7]);
    expect([...toRgb(decoded(4, [1, 2, 3, 0]), "opencv").data]).toEqual([1, 2, 3]);
    const rgb = decoded(3, [1, 2, 3]);
    expect(toRgb(rgb, "pillow").data).toBe(rgb.data);
  });

  it.each([
    ["opencv", ["jpeg", "png", "tiff"]],
    ["pillow", ["tiff"]],
  ] as const)("turns for %s only %j", (rule, turned) => {
    const formats: ImageFormat[] = ["png", "jpeg", "webp", "tiff", "bmp", "pnm", "gif", "pixels"];
    const upright = formats.filter(
      (format) => toRgb(decoded(3, [1, 2, 3, 4, 5, 6], { format, orientation: 6 }), rule).width === 1,
    );
    expect(upright.sort()).toEqual([...turned].sort());
  });

  it("multiplies straight alpha of a colour TIFF in for OpenCV only", () => {
    const pixels = [200, 100, 1, 128, 200, 100, 1, 0];
    const tiff = decoded(4, pixels, { format: "tiff", traits: { alphaKind: "straight" } });
    expect([...toRgb(tiff, "opencv").data]).toEqual([100, 50, 1, 0, 0, 0]);
    expect([...toRgb(tiff, "pillow").data]).toEqual([200, 100, 1, 200, 100, 1]);
    const grey = decoded(2, [200, 128], { format: "tiff", traits: { alphaKind: "straight" } });
    expect([...toRgb(grey, "opencv").data]).toEqual([200, 200, 200]);
  });

  it("divides premultiplied alpha of a TIFF out for Pillow only", () => {
    const pixels = [100, 50, 200, 128, 9, 9, 9, 0];
    const tiff = decoded(4, pixels, { format: "tiff", traits: { alphaKind: "premultiplied" } });
    expect([...toRgb(tiff, "pillow").data]).toEqual([199, 99, 255, 9, 9, 9]);
    expect([...toRgb(tiff, "opencv").data]).toEqual([100, 50, 200, 9, 9, 9]);
  });

  it("keeps only the stored bits of 16-bit BMP for OpenCV", () => {
    const bmp = (greenBits: 5 | 6) => decoded(3, [255, 255, 131], { format: "bmp", traits: { greenBits } });
    expect([...toRgb(bmp(5), "opencv").data]).toEqual([248, 248, 128]);
    expect([...toRgb(bmp(6), "opencv").data]).toEqual([248, 252, 128]);
    expect([...toRgb(bmp(6), "pillow").data]).toEqual([255, 255, 131]);
  });
});
