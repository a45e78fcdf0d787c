/** Whole GIF files against Pillow are in read-image.test.ts; here the places that are filled, one by one. */
import { describe, expect, it } from "vitest";
import { fillGifFrame } from "./fill-gif-frame.js";

/** A 3 × 1 GIF without pixel data: the header, optionally a transparent index, then a frame. */
function gif(options: {
  transparent?: number;
  global?: number[];
  local?: number[];
  left?: number;
  width?: number;
}): Uint8Array {
  const { transparent, global = [], local = [], left = 0, width = 3 } = options;
  const control = transparent === undefined ? [] : [0x21, 0xf9, 4, 1, 0, 0, transparent, 0];
  const comment = [0x21, 0xfe, 2, 0x2c, 0x2c, 1, 0x2c, 0];
  return Uint8Array.from([
    ...Buffer.from("GIF89a"),
    ...[3, 0, 1, 0, global.length ? 0x80 : 0, 0, 0, ...global],
    ...comment,
    ...control,
    ...[0x2c, left, 0, 0, 0, width, 0, 1, 0, local.length ? 0x80 : 0, ...local],
  ]);
}
const RGB = Uint8Array.of(1, 1, 1, 2, 2, 2, 3, 3, 3);
const RGBA = Uint8Array.of(1, 1, 1, 255, 0, 0, 0, 0, 3, 3, 3, 255);
const GLOBAL = [10, 11, 12, 20, 21, 22];
const LOCAL = [30, 31, 32, 40, 41, 42];

describe("fillGifFrame", () => {
  it("copies what the frame shows", () => {
    expect(fillGifFrame(gif({ global: GLOBAL }), RGB, 3, 1, 3)).toEqual(RGB);
  });

  it("gives transparent pixels the colour of their index", () => {
    const filled = fillGifFrame(gif({ global: GLOBAL, transparent: 1 }), RGBA, 3, 1, 4);
    expect([...filled]).toEqual([1, 1, 1, 20, 21, 22, 3, 3, 3]);
    const local = fillGifFrame(gif({ global: GLOBAL, local: LOCAL, transparent: 1 }), RGBA, 3, 1, 4);
    expect([...local]).toEqual([1, 1, 1, 40, 41, 42, 3, 3, 3]);
    expect([...fillGifFrame(gif({ transparent: 7 }), RGBA, 3, 1, 4)]).toEqual([1, 1, 1, 7, 7, 7, 3, 3, 3]);
  });

  it("fills around a small frame with colour 0", () => {
    const filled = fillGifFrame(gif({ global: GLOBAL, left: 1, width: 1 }), RGB, 3, 1, 3);
    expect([...filled]).toEqual([10, 11, 12, 2, 2, 2, 10, 11, 12]);
  });

  it("ends on a file that is cut anywhere", () => {
    const whole = gif({ global: GLOBAL, transparent: 1 });
    for (let end = 0; end <= whole.length; end++) {
      expect(fillGifFrame(whole.subarray(0, end), RGBA, 3, 1, 4)).toHaveLength(9);
    }
  });
});
