/** Pixels that the caller already holds, checked and brought to RGB. They are taken as upright sRGB. */
import { BlemishError } from "../../errors.js";
import type { PixelArray, RgbImage } from "./image.js";
import { toRgb } from "./to-rgb.js";

/** Longest side: products of sides stay exact and typed arrays stay possible. */
const MAX_SIDE = 2 ** 20;

/**
 * RGB `[height, width, 3]` from grey, grey+alpha, RGB or RGBA bytes: grey is repeated, alpha is dropped, nothing is
 * composited. RGB shares the caller's memory, which therefore must not change while the picture is in use.
 * Throws IMAGE_PIXELS when sides, channels or length of `data` do not describe a picture.
 */
export function rgbFromPixels(pixels: PixelArray): RgbImage {
  const { width, height, channels, data: given } = pixels;
  for (const [name, side] of [
    ["width", width],
    ["height", height],
  ] as const) {
    if (!Number.isInteger(side) || side < 1 || side > MAX_SIDE)
      throw wrong(`${name} as a whole number from 1 to ${MAX_SIDE}`, String(side));
  }
  if (![1, 2, 3, 4].includes(channels)) throw wrong("1, 2, 3 or 4 channels", String(channels));
  if (!(given instanceof Uint8Array || given instanceof Uint8ClampedArray))
    throw wrong(
      "data as Uint8Array or Uint8ClampedArray",
      Object.prototype.toString.call(given).slice(8, -1),
    );
  const length = width * height * channels;
  if (given.length !== length)
    throw wrong(`${width} × ${height} × ${channels} = ${length} samples`, String(given.length));
  // A view, not a copy; it also takes Buffer and clamped arrays to the one plain type.
  const data = new Uint8Array(given.buffer, given.byteOffset, length);
  const colour = channels < 3 ? "grey" : "rgb";
  const alpha = channels % 2 === 0;
  return toRgb({ format: "pixels", width, height, channels, colour, alpha, data, orientation: 1 }, "opencv");
}

function wrong(expected: string, found: string): BlemishError {
  return new BlemishError("IMAGE_PIXELS", { subject: "the given pixel array", expected, found });
}
