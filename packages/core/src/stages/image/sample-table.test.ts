import { describe, expect, it } from "vitest";
import type { DecodedImage } from "./image.js";
import { sampleTable } from "./sample-table.js";

function decoded(deep: boolean, fields: Partial<DecodedImage> = {}): DecodedImage {
  const data = deep ? new Uint16Array(1) : new Uint8Array(1);
  return {
    format: "png",
    width: 1,
    height: 1,
    channels: 1,
    colour: "grey",
    alpha: false,
    orientation: 1,
    data,
    ...fields,
  };
}
const at = (table: Uint8Array | null, ...samples: number[]) => samples.map((sample) => table?.[sample]);
const RGB = { colour: "rgb", channels: 3 } as const;

describe("sampleTable", () => {
  it("leaves 8-bit samples as they are", () => {
    for (const rule of ["opencv", "pillow"] as const) {
      expect(sampleTable(decoded(false), rule)).toBeNull();
      expect(sampleTable(decoded(false, RGB), rule)).toBeNull();
    }
  });

  it("drops the low byte of 16 bits, but rounds colour TIFF for OpenCV", () => {
    expect(at(sampleTable(decoded(true), "opencv"), 0, 255, 256, 511, 65535)).toEqual([0, 0, 1, 1, 255]);
    expect(at(sampleTable(decoded(true, RGB), "pillow"), 0, 255, 256, 65535)).toEqual([0, 0, 1, 255]);
    const tiff = { ...RGB, format: "tiff" } as const;
    expect(at(sampleTable(decoded(true, tiff), "opencv"), 128, 129, 385, 386, 65535)).toEqual([
      0, 1, 1, 2, 255,
    ]);
    expect(at(sampleTable(decoded(true, { format: "tiff" }), "opencv"), 255, 256)).toEqual([0, 1]);
  });

  it("clips 16-bit grey at 255 for Pillow, unless there is alpha", () => {
    expect(at(sampleTable(decoded(true), "pillow"), 0, 254, 256, 65535)).toEqual([0, 254, 255, 255]);
    expect(at(sampleTable(decoded(true, { channels: 2, alpha: true }), "pillow"), 254, 65535)).toEqual([
      0, 255,
    ]);
    const white = sampleTable(decoded(true, { format: "tiff", traits: { whiteIsZero: true } }), "pillow");
    expect(at(white, 0, 65435, 65535)).toEqual([255, 100, 0]);
  });

  it("scales PNM by maxval for Pillow, halves to even, and only text files for OpenCV", () => {
    const binary = decoded(false, { format: "pnm", traits: { maxValue: 100, plainText: false } });
    const text = decoded(false, { format: "pnm", traits: { maxValue: 100, plainText: true } });
    expect(sampleTable(binary, "opencv")).toBeNull();
    expect(at(sampleTable(text, "opencv"), 1, 50, 100, 200)).toEqual([2, 127, 255, 255]);
    expect(at(sampleTable(text, "pillow"), 1, 50, 100)).toEqual([3, 128, 255]);
    // 10 / 100 · 255 = 25.5 and 30 / 100 · 255 = 76.5 exactly: to the even neighbour, as Python rounds.
    expect(at(sampleTable(binary, "pillow"), 10, 30, 200)).toEqual([26, 76, 255]);
    const deepColour = decoded(true, { ...RGB, format: "pnm", traits: { maxValue: 1000 } });
    expect(at(sampleTable(deepColour, "pillow"), 470, 1000, 65535)).toEqual([120, 255, 255]);
    const deepGrey = decoded(true, { format: "pnm", traits: { maxValue: 1023 } });
    expect(at(sampleTable(deepGrey, "pillow"), 1, 3, 4, 1023)).toEqual([64, 192, 255, 255]);
    expect(sampleTable(decoded(false, { format: "pnm", traits: { maxValue: 255 } }), "pillow")).toBeNull();
  });
});
