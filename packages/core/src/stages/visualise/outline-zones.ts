/** Where zones meet, drawn on a picture: a fine light line that covers neither defects nor what is judged. */
import type { Mask, RgbImage } from "../image/image.js";

/**
 * The picture with a line, half white, between zones and at their edges within what is judged.
 *
 * @param image not changed.
 * @param labels of the picture's size: the zone of each pixel, 0 = none.
 */
export function outlineZones({ width, height, data }: RgbImage, { data: labels }: Mask): RgbImage {
  const out = data.slice();
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      const own = labels[at];
      const edge =
        (x + 1 < width && labels[at + 1] !== own) || (y + 1 < height && labels[at + width] !== own);
      if (edge) for (let i = 3 * at; i < 3 * at + 3; i++) out[i] = (data[i] + 255) >> 1;
    }
  return { width, height, channels: 3, data: out };
}
