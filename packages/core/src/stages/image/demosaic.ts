/**
 * Colours of a raw frame: bilinear. At every pixel the two colours that its filter let not pass are the means of the
 * nearest pixels of those colours: two for a green pixel, four for a red or blue one. Beyond the border the frame is
 * mirrored without its outermost line, which keeps the filter's pattern. Own arithmetic, in the samples' own precision.
 */
import type { BayerPattern } from "./capture.js";

/** Samples of a raw frame, row by row, one a pixel. */
export interface RawFrame {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint16Array | Float32Array;
}

/** Column and row of the first red pixel. Blue is at the other corner of each 2 × 2 pixels, green at the other two. */
const FIRST_RED: Readonly<Record<BayerPattern, readonly [x: number, y: number]>> = {
  rggb: [0, 0],
  grbg: [1, 0],
  gbrg: [0, 1],
  bggr: [1, 1],
};

/**
 * One row of the frame in colour, into `out`: red, green, blue of each pixel. Means of 8 and 16 bits are exact (quarters).
 * @param frame at least 2 × 2 pixels.
 * @param y row, from 0.
 * @param out of 3 · width; overwritten.
 */
export function demosaicRow(frame: RawFrame, pattern: BayerPattern, y: number, out: Float32Array): void {
  const { width, height, data } = frame;
  const [redX, redY] = FIRST_RED[pattern];
  const above = mirrored(y - 1, height) * width;
  const here = y * width;
  const below = mirrored(y + 1, height) * width;
  const redRow = (y & 1) === redY;
  // In a red row the colour beside green is red and blue lies above and below; in a blue row the other way.
  const [beside, across] = redRow ? [0, 2] : [2, 0];
  const firstColour = redRow ? redX : redX ^ 1;
  for (let x = 0, to = 0; x < width; x++, to += 3) {
    const left = x === 0 ? 1 : x - 1;
    const right = x === width - 1 ? width - 2 : x + 1;
    const up = data[above + x];
    const down = data[below + x];
    const sides = data[here + left] + data[here + right];
    if ((x & 1) === firstColour) {
      out[to + beside] = data[here + x];
      out[to + 1] = (sides + up + down) / 4;
      out[to + across] =
        (data[above + left] + data[above + right] + data[below + left] + data[below + right]) / 4;
    } else {
      out[to + beside] = sides / 2;
      out[to + 1] = data[here + x];
      out[to + across] = (up + down) / 2;
    }
  }
}

function mirrored(at: number, count: number): number {
  if (at < 0) return 1;
  return at < count ? at : count - 2;
}
