import { describe, expect, it } from "vitest";
import type { PixelArray } from "./image.js";
import { rgbFromPixels } from "./rgb-from-pixels.js";

function pixels(channels: number, ...samples: number[]): PixelArray {
  const data = Uint8Array.from(samples);
  return { data, width: samples.length / channels, height: 1, channels: channels as 1 };
}

describe("rgbFromPixels", () => {
  it("repeats grey and drops alpha", () => {
    expect([...rgbFromPixels(pixels(1, 5, 6)).data]).toEqual([5, 5, 5, 6, 6, 6]);
    expect([...rgbFromPixels(pixels(2, 5, 0, 6, 255)).data]).toEqual([5, 5, 5, 6, 6, 6]);
    expect([...rgbFromPixels(pixels(4, 1, 2, 3, 0)).data]).toEqual([1, 2, 3]);
  });

  it("takes RGB without a copy, from a part of a larger buffer and from clamped arrays", () => {
    const whole = Uint8Array.from({ length: 12 }, (_, i) => i);
    const part = whole.subarray(3, 9);
    const image = rgbFromPixels({ data: part, width: 2, height: 1, channels: 3 });
    expect([...image.data]).toEqual([3, 4, 5, 6, 7, 8]);
    expect(image.data.buffer).toBe(whole.buffer);
    const clamped = rgbFromPixels({
      data: Uint8ClampedArray.from([1, 2, 3]),
      width: 1,
      height: 1,
      channels: 3,
    });
    expect(clamped).toEqual({ data: Uint8Array.of(1, 2, 3), width: 1, height: 1, channels: 3 });
  });

  it.each([
    ["a short array", { data: new Uint8Array(5), width: 1, height: 2, channels: 3 }],
    ["a long array", { data: new Uint8Array(7), width: 1, height: 2, channels: 3 }],
    ["no width", { data: new Uint8Array(0), width: 0, height: 2, channels: 3 }],
    ["half a row", { data: new Uint8Array(3), width: 1, height: 0.5, channels: 3 }],
    ["a negative side", { data: new Uint8Array(3), width: -1, height: -1, channels: 3 }],
    ["NaN", { data: new Uint8Array(3), width: Number.NaN, height: 1, channels: 3 }],
    ["an endless side", { data: new Uint8Array(3), width: 2 ** 40, height: 1, channels: 3 }],
    ["five channels", { data: new Uint8Array(5), width: 1, height: 1, channels: 5 }],
    ["16-bit samples", { data: new Uint16Array(3), width: 1, height: 1, channels: 3 }],
    ["a plain list", { data: [1, 2, 3], width: 1, height: 1, channels: 3 }],
    ["no data", { width: 1, height: 1, channels: 3 }],
  ])("refuses %s", (_, given) => {
    expect(() => rgbFromPixels(given as PixelArray)).toThrow(
      expect.objectContaining({ code: "IMAGE_PIXELS" }),
    );
  });
});
