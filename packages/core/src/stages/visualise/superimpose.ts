/** An anomaly map as colours over its picture: Anomalib's `superimpose_anomaly_map`, byte for byte. */
import { BlemishError } from "../../errors.js";
import { fastPixelKernels } from "../../kernels/fast-pixel-kernels.js";
import type { FloatMap, RgbImage } from "../image/image.js";
import { JET } from "./jet.js";

/** How colours and picture are blended. */
export interface SuperimposeOptions {
  /** Share of the colours, 0–1; the picture gets the rest. Default 0.4. */
  readonly alpha?: number;
  /** Added to every byte, −255 to 255. Default 0. */
  readonly gamma?: number;
  /** Stretch this map's own minimum and maximum to 0–1 first. Default false: the scale is fixed. */
  readonly normalize?: boolean;
}

/**
 * Colours a map and blends it with the picture: level = ⌊255 · v⌋, byte = round half to even (alpha · JET(level) +
 * (1 − alpha) · picture + gamma), limited to 0–255. Levels outside 0–255 wrap round modulo 256, as the byte cast of
 * Anomalib 0.3–1.x makes them; a map in 0–1 never does (`heatMapOf` is the one to use for raw maps).
 *
 * @param map values 0–1, of the picture's size.
 * @throws BlemishError OPTION_VALUE when the sizes differ or an option is out of range.
 */
export function superimposeAnomalyMap(
  map: FloatMap,
  image: RgbImage,
  options: SuperimposeOptions = {},
): RgbImage {
  const { alpha = 0.4, gamma = 0, normalize = false } = options;
  requireRange("alpha", alpha, 0, 1);
  requireRange("gamma", gamma, -255, 255);
  const { width, height } = image;
  if (map.width !== width || map.height !== height)
    throw new BlemishError("OPTION_VALUE", {
      subject: "map",
      expected: `${width}×${height} like the picture`,
      found: `${map.width}×${map.height}`,
    });

  const values = normalize ? stretch(map.data) : map.data;
  const data = new Uint8Array(image.data.length);
  fastPixelKernels().colour(values, image.data, jetTables(blendTable(alpha, gamma)), data);
  return { width, height, channels: 3, data };
}

/** The blended byte for each channel, level of the map and byte of the picture, `[3, 256, 256]`. */
function jetTables(blend: Uint8Array): Uint8Array {
  const tables = new Uint8Array(3 * 256 * 256);
  for (let channel = 0; channel < 3; channel++)
    for (let level = 0; level < 256; level++) {
      const colour = JET[level * 3 + channel]!;
      tables.set(blend.subarray(colour << 8, (colour + 1) << 8), (channel * 256 + level) << 8);
    }
  return tables;
}

/**
 * The blended byte for every pair of bytes: index = colour · 256 + picture. OpenCV 4.8's `addWeighted` computes in
 * float32 with fused multiply-adds, colour · alpha + (picture · (1 − alpha) + gamma), and rounds halves to even.
 */
function blendTable(alpha: number, gamma: number): Uint8Array {
  const [colourShare, pictureShare] = [Math.fround(alpha), Math.fround(1 - alpha)];
  const shift = Math.fround(gamma);
  const dimmed = Float32Array.from({ length: 256 }, (_, byte) => byte * pictureShare + shift);
  // This kind of array rounds halves to even and saturates by itself.
  const table = new Uint8ClampedArray(256 * 256);
  for (let colour = 0; colour < 256; colour++)
    for (let byte = 0; byte < 256; byte++)
      table[(colour << 8) | byte] = Math.fround(colour * colourShare + dimmed[byte]!);
  return new Uint8Array(table.buffer);
}

function stretch(values: Float32Array): Float32Array {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < min) min = values[i]!;
    if (values[i]! > max) max = values[i]!;
  }
  const range = Math.fround(max - min);
  // NumPy divides 0 by 0 for a flat map and casts the NaN to level 0.
  return values.map((value) => (range === 0 ? 0 : Math.fround(value - min) / range));
}

function requireRange(subject: string, value: number, min: number, max: number): void {
  if (value >= min && value <= max) return;
  throw new BlemishError("OPTION_VALUE", { subject, expected: `${min} to ${max}`, found: String(value) });
}
