/** Pictures as WebP files in memory: small, for looking at only. */
import type { Raster8 } from "@blemish/core";
import { compressWebpWithSharp } from "./decode-sharp.js";

/** Good enough to see a scratch of a few pixels. */
const QUALITY = 80;

/**
 * A lossy WebP of 1 (grey), 2 (grey+alpha), 3 (RGB) or 4 (RGBA) channels. The longest side can have 16,383 pixels.
 * @throws BlemishError IMAGE_PIXELS when sides, channels and length of data disagree.
 */
export function encodeWebp(image: Raster8): Promise<Uint8Array> {
  return compressWebpWithSharp(image, QUALITY);
}
