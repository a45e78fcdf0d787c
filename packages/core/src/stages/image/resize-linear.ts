/** OpenCV's INTER_LINEAR for 8-bit pictures: what Anomalib 0.3–0.7 resizes pictures and masks with. No antialiasing. */
import { checkResize } from "./check-resize.js";
import type { Raster8 } from "./image.js";
import { interpolateFixed } from "./interpolate-fixed.js";
import { linearTaps } from "./linear-taps.js";
import { resizeArea } from "./resize-area.js";

/**
 * Resizes by linear interpolation, bit-equal to OpenCV 4.8 `cv2.resize(…, INTER_LINEAR)` on x86 for u8 with
 * 1–4 channels. An exact halving of both sides is area averaging, because OpenCV hands it over to INTER_AREA.
 *
 * @param image any 8-bit picture; not changed
 * @param width columns of the result, from 1
 * @param height rows of the result, from 1
 * @returns a picture with its own data; the same object when the size is the same
 * @throws BlemishError IMAGE_PIXELS, OPTION_VALUE: see {@link checkResize}
 */
export function resizeLinear<R extends Raster8>(image: R, width: number, height: number): R {
  checkResize(image, width, height);
  if (image.width === width && image.height === height) return image;
  if (image.width === 2 * width && image.height === 2 * height) return resizeArea(image, width, height);
  return interpolateFixed(image, linearTaps(image.width, width, "x"), linearTaps(image.height, height, "y"));
}
