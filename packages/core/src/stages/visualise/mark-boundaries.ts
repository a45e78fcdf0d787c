/** The outline of a mask, red, on its picture: scikit-image's `mark_boundaries` as Anomalib uses it, byte for byte. */
import { BlemishError } from "../../errors.js";
import type { Mask, RgbImage } from "../image/image.js";

/**
 * Draws the outline (255, 0, 0) two pixels wide, one inside and one outside: every pixel whose cross of five
 * neighbours holds both 0 and 1. The border of the picture is no outline.
 * scikit-image goes through float64 and truncates, so 24 of the 256 byte values come back 1 lower wherever nothing is
 * drawn (mode `thick`, colour (1, 0, 0), then `(… * 255).astype(uint8)` in Anomalib 0.3–1.x).
 *
 * @param mask of the picture's size; any value but 0 is set.
 * @throws BlemishError OPTION_VALUE when the sizes differ.
 */
export function markBoundaries(image: RgbImage, mask: Mask): RgbImage {
  const { width, height } = image;
  if (mask.width !== width || mask.height !== height)
    throw new BlemishError("OPTION_VALUE", {
      subject: "mask",
      expected: `${width}×${height} like the picture`,
      found: `${mask.width}×${mask.height}`,
    });
  const data = throughFloat(image.data);
  const set = mask.data;
  for (let y = 0; y < height; y++) {
    for (let x = 0, i = y * width; x < width; x++, i++) {
      const here = set[i] !== 0;
      if (x + 1 < width && (set[i + 1] !== 0) !== here) {
        paintRed(data, i);
        paintRed(data, i + 1);
      }
      if (y + 1 < height && (set[i + width] !== 0) !== here) {
        paintRed(data, i);
        paintRed(data, i + width);
      }
    }
  }
  return { width, height, channels: 3, data };
}

function paintRed(data: Uint8Array, pixel: number): void {
  data[pixel * 3] = 255;
  data[pixel * 3 + 1] = 0;
  data[pixel * 3 + 2] = 0;
}

function throughFloat(bytes: Uint8Array): Uint8Array {
  const table = Uint8Array.from({ length: 256 }, (_, byte) => byte * (1 / 255) * 255);
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i < out.length; i++) out[i] = table[bytes[i]!]!;
  return out;
}
