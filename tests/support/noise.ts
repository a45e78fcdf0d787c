/** Pictures and maps that are integer formulas; fixtures/opencv/make.py computes the same, so no picture file is kept. */
import type { FloatMap, Raster8, RgbImage } from "@blemish/core";

/** A well-mixed uint32 for one sample. */
function noise(x: number, y: number, channel: number, seed: number): number {
  let h = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca6b) ^ Math.imul(channel, 0xc2b2ae35);
  h ^= Math.imul(seed, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

/** A picture whose samples come from a formula of column, row and channel. */
export function pictureOf(
  width: number,
  height: number,
  channels: number,
  formula: (x: number, y: number, channel: number) => number,
): Raster8 {
  const data = new Uint8Array(width * height * channels);
  for (let index = 0; index < data.length; index++) {
    const pixel = Math.floor(index / channels);
    data[index] = formula(pixel % width, Math.floor(pixel / width), index % channels);
  }
  return { width, height, channels, data };
}

/** Evenly spread samples 0–255. */
export function noisePicture(width: number, height: number, channels: number, seed: number): Raster8 {
  return pictureOf(width, height, channels, (x, y, channel) => noise(x, y, channel, seed) & 255);
}

/** {@link noisePicture} with three channels. */
export function noiseRgb(width: number, height: number, seed: number): RgbImage {
  return { ...noisePicture(width, height, 3, seed), channels: 3 };
}

/** Samples 0 or 1. */
export function noiseMask(width: number, height: number, channels: number, seed: number): Raster8 {
  return pictureOf(width, height, channels, (x, y, channel) => noise(x, y, channel, seed) & 1);
}

/** Values from 0 to below 64 with 24 random bits. */
export function noiseMap(width: number, height: number, seed: number): FloatMap {
  const data = new Float32Array(width * height);
  for (let index = 0; index < data.length; index++) {
    data[index] = (noise(index % width, Math.floor(index / width), 0, seed) >>> 8) * 2 ** -18;
  }
  return { width, height, data };
}

/** The 400 × 300 RGB picture of the golden numbers. */
export function formulaPicture(): RgbImage {
  const picture = pictureOf(400, 300, 3, (x, y, channel) => {
    if (channel === 0) return 7 * x + 3 * y;
    return channel === 1 ? Math.floor((x * x) / 50) + 11 * y : 13 * x + Math.floor((y * y) / 40);
  });
  return { ...picture, channels: 3 };
}

/** The 256 × 256 bell of the golden numbers. */
export function formulaMap(): FloatMap {
  const data = new Float32Array(256 * 256);
  for (let index = 0; index < data.length; index++) {
    const y = Math.floor(index / 256) - 100;
    const x = (index % 256) - 60;
    data[index] = Math.exp(-(y * y + x * x) / 3000);
  }
  return { width: 256, height: 256, data };
}
