/** Cuts the middle out of a picture, as albumentations 0.x–1.3 `CenterCrop` does. */
import { BlemishError } from "../../errors.js";
import { checkResize } from "./check-resize.js";
import type { Raster8 } from "./image.js";

/**
 * The middle `[height, width]` of a picture. Of an odd margin the smaller half is cut at the top and left:
 * the offsets are `floor((side − crop) / 2)`.
 *
 * @returns a picture with its own data; the same object when the crop is the whole picture
 * @throws BlemishError IMAGE_TOO_SMALL when a side of the picture is shorter than the crop; IMAGE_PIXELS, OPTION_VALUE
 */
export function centerCrop<R extends Raster8>(image: R, width: number, height: number): R {
  checkResize(image, width, height);
  if (width > image.width || height > image.height) {
    throw new BlemishError("IMAGE_TOO_SMALL", {
      subject: "The picture",
      expected: `at least ${width} × ${height} pixels`,
      found: `${image.width} × ${image.height}`,
    });
  }
  if (image.width === width && image.height === height) return image;
  const left = Math.floor((image.width - width) / 2);
  const top = Math.floor((image.height - height) / 2);
  const length = width * image.channels;
  const data = new Uint8Array(height * length);
  for (let row = 0; row < height; row++) {
    const start = ((top + row) * image.width + left) * image.channels;
    data.set(image.data.subarray(start, start + length), row * length);
  }
  return { ...image, width, height, data };
}
