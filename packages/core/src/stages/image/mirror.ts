/** Mirrors of a picture. */
import type { RgbImage } from "./image.js";

/** Mirrors a picture: `acrossWidth` swaps left and right, `acrossHeight` top and bottom. The picture is not changed. */
export function mirror(
  { width, height, data }: RgbImage,
  { acrossWidth, acrossHeight }: { readonly acrossWidth: boolean; readonly acrossHeight: boolean },
): RgbImage {
  const out = new Uint8Array(data.length);
  const step = acrossWidth ? -3 : 3;
  for (let y = 0, to = 0; y < height; y++) {
    const row = (acrossHeight ? height - 1 - y : y) * width;
    let from = 3 * (row + (acrossWidth ? width - 1 : 0));
    for (let x = 0; x < width; x++, to += 3, from += step) {
      out[to] = data[from];
      out[to + 1] = data[from + 1];
      out[to + 2] = data[from + 2];
    }
  }
  return { width, height, channels: 3, data: out };
}
