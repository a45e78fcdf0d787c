/** `resizeLinear` for masks, most rows of which are empty. */
import { checkResize } from "./check-resize.js";
import type { Mask } from "./image.js";
import { interpolateFixed } from "./interpolate-fixed.js";
import { linearTaps, tapsOfRows } from "./linear-taps.js";
import { resizeLinear } from "./resize-linear.js";

/**
 * Resizes a mask by linear interpolation: the bytes of {@link resizeLinear}, but rows that are made of empty rows are not
 * computed.
 *
 * @param mask 0 and anything else; not changed
 * @param width columns of the result, from 1
 * @param height rows of the result, from 1
 * @returns a mask with its own data; the same object when the size is the same
 * @throws BlemishError IMAGE_PIXELS, OPTION_VALUE: see {@link checkResize}
 */
export function resizeMask(mask: Mask, width: number, height: number): Mask {
  checkResize(mask, width, height);
  // The same size and the halving are matters of their own, and cheap.
  if (width <= mask.width && height <= mask.height) return resizeLinear(mask, width, height);
  const data = new Uint8Array(width * height);
  const { first, last } = filledRows(mask);
  const y = linearTaps(mask.height, height, "y");
  const from = y.high.findIndex((row) => row >= first);
  const to = y.low.findLastIndex((row) => row <= last) + 1;
  if (first <= last && from >= 0 && from < to) {
    const rows = interpolateFixed(mask, linearTaps(mask.width, width, "x"), tapsOfRows(y, from, to));
    data.set(rows.data, from * width);
  }
  return { ...mask, width, height, data };
}

/** The first and the last row that are not empty; none when the last comes before the first. */
function filledRows({ data, width }: Mask): { first: number; last: number } {
  let first = 0;
  while (first < data.length && data[first] === 0) first++;
  let last = data.length - 1;
  while (last >= first && data[last] === 0) last--;
  return { first: Math.floor(first / width), last: Math.floor(last / width) };
}
