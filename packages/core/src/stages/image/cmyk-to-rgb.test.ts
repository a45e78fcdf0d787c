import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cmykToRgb } from "./cmyk-to-rgb.js";
import type { DecodedImage } from "./image.js";

function pixel(format: "jpeg" | "tiff", ...samples: number[]): DecodedImage {
  const data = Uint8Array.from(samples);
  return { format, width: 1, height: 1, channels: 4, colour: "cmyk", alpha: false, orientation: 1, data };
}
const byte = fc.integer({ min: 0, max: 255 });

describe("cmykToRgb", () => {
  it("shows no ink as white and full black as black, in every way", () => {
    for (const format of ["jpeg", "tiff"] as const)
      for (const rule of ["opencv", "pillow"] as const) {
        expect([...cmykToRgb(pixel(format, 0, 0, 0, 0), rule)]).toEqual([255, 255, 255]);
        expect([...cmykToRgb(pixel(format, 9, 99, 255, 255), rule)]).toEqual([0, 0, 0]);
      }
  });

  it("comes within two levels of (255 − C)(255 − K) / 255", () => {
    fc.assert(
      fc.property(
        byte,
        byte,
        fc.constantFrom("jpeg" as const, "tiff" as const),
        fc.constantFrom("opencv" as const, "pillow" as const),
        (ink, black, format, rule) => {
          const [red] = cmykToRgb(pixel(format, ink, 0, 0, black), rule);
          expect(Math.abs(red - ((255 - ink) * (255 - black)) / 255)).toBeLessThan(2);
        },
      ),
    );
  });

  // Worked by hand from the formulas; the real readers' bytes are in fixtures/decoding.
  it("rounds as each reader does", () => {
    expect([...cmykToRgb(pixel("jpeg", 1, 128, 255, 100), "opencv")]).toEqual([155, 78, 1]);
    expect([...cmykToRgb(pixel("tiff", 1, 128, 255, 100), "opencv")]).toEqual([154, 77, 0]);
    expect([...cmykToRgb(pixel("jpeg", 1, 128, 255, 100), "pillow")]).toEqual([154, 77, 0]);
    expect([...cmykToRgb(pixel("jpeg", 127, 1, 0, 0), "pillow")]).toEqual([128, 254, 255]);
  });
});
