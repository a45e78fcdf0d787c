/** A small rotation of a picture: how a part may lie in other pictures. */
import type { RgbImage } from "./image.js";

/** Cosine and sine of 5°, written out: `Math.cos` may differ in its last digit between engines. */
const COSINE = 0.9961946980917455;
const SINE = 0.08715574274765817;
/** Steps between two pixels that the interpolation knows. */
const STEPS = 2048;

/**
 * Turns a picture by 5° around its middle: bilinear, the border repeated outwards, positions rounded to 1/2048 pixel,
 * samples rounded to the nearest integer.
 * @param direction 1 = clockwise as seen, −1 = counterclockwise.
 */
export function turnFiveDegrees(image: RgbImage, direction: 1 | -1): RgbImage {
  const { width, height } = image;
  const out = new Uint8Array(image.data.length);
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  const sine = direction * SINE;
  for (let y = 0, to = 0; y < height; y++) {
    const below = y - middleY;
    for (let x = 0; x < width; x++, to += 3) {
      const right = x - middleX;
      const u = Math.round((middleX + COSINE * right + sine * below) * STEPS);
      const v = Math.round((middleY - sine * right + COSINE * below) * STEPS);
      sample(
        image,
        Math.min(Math.max(u, 0), (width - 1) * STEPS),
        Math.min(Math.max(v, 0), (height - 1) * STEPS),
        out,
        to,
      );
    }
  }
  return { width, height, channels: 3, data: out };
}

/** The colour at (u, v), in steps within the picture. */
function sample({ width, height, data }: RgbImage, u: number, v: number, out: Uint8Array, to: number): void {
  const [x, y] = [Math.floor(u / STEPS), Math.floor(v / STEPS)];
  const [dx, dy] = [u - x * STEPS, v - y * STEPS];
  const right = x < width - 1 ? 3 : 0;
  const below = y < height - 1 ? 3 * width : 0;
  const at = 3 * (y * width + x);
  for (let c = at; c < at + 3; c++) {
    const upper = data[c] * (STEPS - dx) + data[c + right] * dx;
    const lower = data[c + below] * (STEPS - dx) + data[c + below + right] * dx;
    out[to + c - at] = Math.floor((upper * (STEPS - dy) + lower * dy) / (STEPS * STEPS) + 0.5);
  }
}
