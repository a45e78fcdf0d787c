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
  const out = data.slice();
  for (let y = 0; y < height; y++) {
    const [row, end] = [y * width, (y + 1) * width];
    // Beyond the picture's edge nothing is cut off: the row is its own neighbour there.
    const above = y > 0 ? -width : 0;
    const below = y + 1 < height ? width : 0;
    for (let at = row; at < end; at++) {
      if (inside[at] !== 1) {
        const i = 3 * at;
        out[i] = (data[i] * LEFT) >> 8;
        out[i + 1] = (data[i + 1] * LEFT) >> 8;
        out[i + 2] = (data[i + 2] * LEFT) >> 8;
        continue;
      }
      const beside = (at > row && inside[at - 1] === 0) || (at + 1 < end && inside[at + 1] === 0);
      if (beside || inside[at + above] === 0 || inside[at + below] === 0) out.fill(255, 3 * at, 3 * at + 3);
    }
  }
  return { width, height, channels: 3, data: out };
}
