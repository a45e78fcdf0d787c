/** Small pictures for properties, and their pixels. */
import fc from "fast-check";
import type { RgbImage } from "../../packages/core/src/stages/image/image.js";
import { noisePicture } from "./noise.js";

const side = fc.integer({ min: 1, max: 12 });

/** Pictures of 1 to 12 pixels on each side, every sample drawn. */
export const smallPictures = fc
  .tuple(side, side, fc.integer({ min: 0, max: 1e9 }))
  .map(([width, height, seed]) => noisePicture(width, height, 3, seed) as RgbImage);

/** The three samples of a pixel. */
export function pixelOf({ width, data }: RgbImage, x: number, y: number): number[] {
  return [...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)];
}
