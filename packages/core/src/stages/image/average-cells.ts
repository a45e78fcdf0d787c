/** Area averaging by any factor: every output pixel is the float32 mean of the source cells it covers. */
import { fastPixelKernels } from "../../kernels/fast-pixel-kernels.js";
import { areaTaps } from "./area-taps.js";
import type { Raster8 } from "./image.js";

/**
 * Shrinks a picture to `[height, width, channels]`; neither side may grow. Sums run in float32, along x and
 * then along y in ascending order, and round half to even: OpenCV 4.8's general INTER_AREA for u8.
 */
export function averageCells<R extends Raster8>(image: R, width: number, height: number): R {
  const data = new Uint8Array(width * height * image.channels);
  const x = areaTaps(image.width, width);
  const y = areaTaps(image.height, height);
  fastPixelKernels().averageBytes(image, x, y, { scale: 1, shift: 0 }, data);
  return { ...image, width, height, data };
}
