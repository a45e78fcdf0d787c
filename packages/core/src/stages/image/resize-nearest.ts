/** OpenCV's INTER_NEAREST for 8-bit pictures: no new values, so it suits label masks. */
import { checkResize } from "./check-resize.js";
import type { Raster8 } from "./image.js";
import { axisScale } from "./linear-taps.js";

/**
 * Resizes by picking pixels, bit-equal to OpenCV 4.8 `cv2.resize(…, INTER_NEAREST)`: output `i` reads source
 * `floor(i · scale)`, so it picks towards the top left instead of aligning pixel centres.
 *
 * @param image any 8-bit picture; not changed
 * @param width columns of the result, from 1
 * @param height rows of the result, from 1
 * @returns a picture with its own data; the same object when the size is the same
 * @throws BlemishError IMAGE_PIXELS, OPTION_VALUE: see {@link checkResize}
 */
export function resizeNearest<R extends Raster8>(image: R, width: number, height: number): R {
  checkResize(image, width, height);
  if (image.width === width && image.height === height) return image;
  const { channels } = image;
  const samples = sampleColumns(image, width);
  const length = samples.length;
  const scale = axisScale(image.height, height);
  const data = new Uint8Array(height * length);
  let held = -1;
  for (let row = 0; row < height; row++) {
    const source = Math.min(Math.floor(row * scale), image.height - 1);
    const start = row * length;
    if (source === held) {
      data.copyWithin(start, start - length, start);
      continue;
    }
    held = source;
    const from = source * image.width * channels;
    for (let index = 0; index < length; index++) data[start + index] = image.data[from + samples[index]];
  }
  return { ...image, width, height, data };
}

function sampleColumns({ width: source, channels }: Raster8, width: number): Int32Array {
  const scale = axisScale(source, width);
  const samples = new Int32Array(width * channels);
  for (let index = 0; index < samples.length; index++) {
    const column = Math.min(Math.floor(Math.floor(index / channels) * scale), source - 1);
    samples[index] = column * channels + (index % channels);
  }
  return samples;
}
