/** OpenCV's INTER_AREA for 8-bit pictures: averaging when shrinking, an odd linear interpolation when growing. */
import { averageBlocks } from "./average-blocks.js";
import { averageCells } from "./average-cells.js";
import { checkResize } from "./check-resize.js";
import type { Raster8 } from "./image.js";
import { interpolateFixed } from "./interpolate-fixed.js";
import { areaLinearTaps, axisScale } from "./linear-taps.js";

/**
 * Resizes by area, bit-equal to OpenCV 4.8 `cv2.resize(…, INTER_AREA)` for u8 with 1–4 channels. When either
 * side grows both are interpolated linearly between pixel edges; whole factors average blocks; everything else
 * averages the covered cells.
 *
 * @param image any 8-bit picture; not changed
 * @param width columns of the result, from 1
 * @param height rows of the result, from 1
 * @returns a picture with its own data; the same object when the size is the same
 * @throws BlemishError IMAGE_PIXELS, OPTION_VALUE: see {@link checkResize}
 */
export function resizeArea<R extends Raster8>(image: R, width: number, height: number): R {
  checkResize(image, width, height);
  if (image.width === width && image.height === height) return image;
  if (width > image.width || height > image.height) {
    const x = areaLinearTaps(image.width, width, "x");
    return interpolateFixed(image, x, areaLinearTaps(image.height, height, "y"));
  }
  // The computed scale decides, not the sides: 49 comes out as 48.99… and takes the general way, as in OpenCV.
  const acrossBy = axisScale(image.width, width);
  const downBy = axisScale(image.height, height);
  if (Number.isInteger(acrossBy) && Number.isInteger(downBy)) return averageBlocks(image, acrossBy, downBy);
  return averageCells(image, width, height);
}
