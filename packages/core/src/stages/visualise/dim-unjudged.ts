/** What of a picture is not judged, drawn: darker, with a white outline around what is. */
import type { Mask, RgbImage } from "../image/image.js";

/** How much of its brightness is left of what is not judged, of 256. */
const LEFT = 110;

/**
 * The picture with what is not judged darkened, and the inner edge of what is judged in white.
 *
 * @param image not changed.
 * @param judged of the picture's size, 1 = judged.
 */
export function dimUnjudged({ width, height, data }: RgbImage, judged: Mask): RgbImage {
  const inside = judged.data;
  const out = new Uint8Array(data.length);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      const edge =
        inside[at] === 1 &&
        ((x > 0 && inside[at - 1] === 0) ||
          (x + 1 < width && inside[at + 1] === 0) ||
          (y > 0 && inside[at - width] === 0) ||
          (y + 1 < height && inside[at + width] === 0));
      for (let i = 3 * at; i < 3 * at + 3; i++) {
        if (edge) out[i] = 255;
        else out[i] = inside[at] === 1 ? data[i] : (data[i] * LEFT) >> 8;
      }
    }
  return { width, height, channels: 3, data: out };
}
