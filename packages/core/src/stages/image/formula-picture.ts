/** Pictures made by integer formulas: the same bytes on every machine, so two machines can compare what they compute. */
import type { RgbImage } from "./image.js";

/** A square picture of waves and steps, 0–255; other seeds give other pictures. */
export function formulaPicture(seed: number, side: number): RgbImage {
  const data = new Uint8Array(side * side * 3);
  for (let y = 0, at = 0; y < side; y++) {
    for (let x = 0; x < side; x++, at += 3) {
      data[at] = 7 * x + 3 * y + 31 * seed;
      data[at + 1] = ((x * x) >> 5) + 11 * y + 17 * seed;
      data[at + 2] = 13 * x + ((y * y) >> 5) + ((x >> 4) ^ (y >> 4)) * 29;
    }
  }
  return { width: side, height: side, channels: 3, data };
}
