/** Cuts a rectangle out of a picture. */
import { BlemishError } from "../../errors.js";
import type { Raster8 } from "./image.js";

/** A rectangle of a picture, whole pixels. */
export interface CropRectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The rectangle of a picture.
 *
 * @returns a picture with its own data; the same object when the rectangle is the whole picture
 * @throws BlemishError IMAGE_TOO_SMALL when the picture does not hold all of it.
 */
export function cropAt<R extends Raster8>(image: R, { x, y, width, height }: CropRectangle): R {
  if (x < 0 || y < 0 || x + width > image.width || y + height > image.height)
    throw new BlemishError("IMAGE_TOO_SMALL", {
      subject: "The picture",
      expected: `at least ${x + width} × ${y + height} pixels`,
      found: `${image.width} × ${image.height}`,
    });
  if (image.width === width && image.height === height) return image;
  const length = width * image.channels;
  const data = new Uint8Array(height * length);
  for (let row = 0; row < height; row++) {
    const start = ((y + row) * image.width + x) * image.channels;
    data.set(image.data.subarray(start, start + length), row * length);
  }
  return { ...image, width, height, data };
}
