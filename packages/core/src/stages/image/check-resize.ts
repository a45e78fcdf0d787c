/** What every resampler checks before it touches a pixel: that the data fits its size, and that the target is a size. */
import { BlemishError } from "../../errors.js";

/** Largest number of samples of a result; typed arrays beyond it are not available everywhere. */
const MAX_SAMPLES = 2 ** 31 - 1;

interface Samples {
  readonly width: number;
  readonly height: number;
  readonly channels?: number;
  readonly data: { readonly length: number };
}

/**
 * Checks a picture or map (`channels` 1 when absent) and the wanted size, both in pixels.
 *
 * @throws BlemishError IMAGE_PIXELS when the data does not have width × height × channels samples,
 * OPTION_VALUE when the wanted sides are not whole numbers from 1, or together too large for one array.
 */
export function checkResize(image: Samples, width: number, height: number): void {
  const channels = image.channels ?? 1;
  const samples = image.width * image.height * channels;
  if (!isSize(image.width, image.height, channels) || image.data.length !== samples) {
    throw new BlemishError("IMAGE_PIXELS", {
      subject: "The picture to resize",
      expected: `${image.width} × ${image.height} × ${channels} samples`,
      found: `${image.data.length}`,
    });
  }
  if (!isSize(width, height, channels)) {
    throw new BlemishError("OPTION_VALUE", {
      subject: "The size to resize to",
      expected: `whole numbers from 1, at most ${MAX_SAMPLES} samples in all`,
      found: `${width} × ${height}`,
    });
  }
}

function isSize(width: number, height: number, channels: number): boolean {
  const sides = [width, height, channels];
  return (
    sides.every((side) => Number.isInteger(side) && side >= 1) && width * height * channels <= MAX_SAMPLES
  );
}
