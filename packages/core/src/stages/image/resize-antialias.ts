/** Pillow's antialiased bilinear resize for 8-bit pictures: what torchvision does to PIL pictures. */
import { fastPixelKernels } from "../../kernels/fast-pixel-kernels.js";
import { antialiasTaps } from "./antialias-taps.js";
import { checkResize } from "./check-resize.js";
import type { Raster8 } from "./image.js";

/**
 * Resizes with a triangle filter that widens as the picture shrinks, bit-equal to Pillow 10.4
 * `Image.resize(…, BILINEAR)`: first along x, then along y, with 8 bits between. Channels are independent:
 * Pillow multiplies alpha into the colours before it resizes, this does not.
 *
 * @param image any 8-bit picture; not changed
 * @param width columns of the result, from 1
 * @param height rows of the result, from 1
 * @returns a picture with its own data; the same object when the size is the same
 * @throws BlemishError IMAGE_PIXELS, OPTION_VALUE: see {@link checkResize}
 */
export function resizeAntialias<R extends Raster8>(image: R, width: number, height: number): R {
  checkResize(image, width, height);
  if (image.width === width && image.height === height) return image;
  const data = new Uint8Array(width * height * image.channels);
  const x = antialiasTaps(image.width, width);
  fastPixelKernels().filterBytes(image, x, antialiasTaps(image.height, height), data);
  return { ...image, width, height, data };
}
