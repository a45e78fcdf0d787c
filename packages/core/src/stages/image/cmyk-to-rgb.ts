/** CMYK without colour management, as the two readers do it: quick formulas, no profile. */
import type { DecodedImage } from "./image.js";
import type { PixelRule } from "./pixel-rule.js";
import { sampleTable } from "./sample-table.js";

/**
 * RGB bytes `[height, width, 3]` of CMYK samples (0 = no ink). With k = 255 − K and ink C:
 *
 * - OpenCV 4.8, JPEG: k − ⌊C · k / 256⌋; TIFF, through libtiff: ⌊k · (255 − C) / 255⌋.
 * - Pillow 10.4: k − C · k / 255, the quotient rounded. Also for 16 bits, which OpenCV cannot read.
 */
export function cmykToRgb(decoded: DecodedImage, rule: PixelRule): Uint8Array {
  const { data, width, height, channels, format } = decoded;
  const reader = data instanceof Uint16Array ? "pillow" : rule;
  const table = sampleTable(decoded, reader);
  const mix = reader === "pillow" ? pillowInk : format === "tiff" ? libtiffInk : opencvInk;
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
    const black = data[from + 3];
    const light = 255 - (table === null ? black : table[black]);
    for (let i = 0; i < 3; i++) {
      const ink = data[from + i];
      rgb[to + i] = mix(table === null ? ink : table[ink], light);
    }
  }
  return rgb;
}

function opencvInk(ink: number, light: number): number {
  return light - ((ink * light) >> 8);
}

function libtiffInk(ink: number, light: number): number {
  return (light * (255 - ink)) / 255;
}

function pillowInk(ink: number, light: number): number {
  const product = ink * light + 128;
  return light - (((product >> 8) + product) >> 8);
}
