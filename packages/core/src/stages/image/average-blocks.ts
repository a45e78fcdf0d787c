/** Area averaging by whole factors: every output pixel is the mean of a block of source pixels. */
import { fastPixelKernels } from "../../kernels/fast-pixel-kernels.js";
import type { RunAxis } from "../../kernels/pixel-kernels.js";
import type { Raster8 } from "./image.js";

/** A float32 sum of 255s is exact up to this many pixels in a block. */
const FLOAT_BLOCK = Math.floor(2 ** 24 / 255);

/**
 * Shrinks a picture by the whole factors `acrossBy` (x) and `downBy` (y), which must divide its sides.
 * Sums are exact. 2 × 2 blocks of 1, 3 or 4 channels round halves up; everything else multiplies by a float32
 * reciprocal and rounds half to even. That is what OpenCV 4.8's INTER_AREA does for u8.
 */
export function averageBlocks<R extends Raster8>(image: R, acrossBy: number, downBy: number): R {
  const width = image.width / acrossBy;
  const height = image.height / downBy;
  const data = new Uint8Array(width * height * image.channels);
  const scale = Math.fround(1 / (acrossBy * downBy));
  // Quarters lie at least an eighth away from a half but for the half itself, which a sixteenth lifts.
  const shift = acrossBy === 2 && downBy === 2 && image.channels !== 2 ? 1 / 16 : 0;
  if (acrossBy * downBy > FLOAT_BLOCK) averageLargeBlocks(image, acrossBy, downBy, scale, data);
  else
    fastPixelKernels().averageBytes(
      image,
      wholeTaps(width, acrossBy),
      wholeTaps(height, downBy),
      { scale, shift },
      data,
    );
  return { ...image, width, height, data };
}

/** Runs of `factor` positions that weigh 1 each, so that sums are plain sums. */
function wholeTaps(target: number, factor: number): RunAxis<Float32Array> {
  return {
    first: Int32Array.from({ length: target }, (_, index) => index * factor),
    offset: Int32Array.from({ length: target + 1 }, (_, index) => index * factor),
    weight: new Float32Array(target * factor).fill(1),
  };
}

/** Sums as plain numbers, exact for any block; OpenCV's int overflows beyond 8.4 million pixels in a block. */
function averageLargeBlocks(
  image: Raster8,
  acrossBy: number,
  downBy: number,
  scale: number,
  out: Uint8Array,
): void {
  const { channels } = image;
  const stride = image.width * channels;
  const length = stride / acrossBy;
  const columns = new Int32Array(stride);
  // Storing into a clamped array rounds half to even and saturates.
  const result = new Uint8ClampedArray(out.buffer);
  for (let row = 0; row * length < out.length; row++) {
    sumColumns(image.data, row * downBy * stride, downBy, columns);
    for (let index = 0; index < length; index++) {
      const channel = index % channels;
      let position = (index - channel) * acrossBy + channel;
      let sum = 0;
      for (let step = 0; step < acrossBy; step++, position += channels) sum += columns[position];
      result[row * length + index] = Math.fround(Math.fround(sum) * scale);
    }
  }
}

/** Sums of `rows` whole rows, sample by sample. */
function sumColumns(source: Uint8Array, start: number, rows: number, columns: Int32Array): void {
  columns.set(source.subarray(start, start + columns.length));
  for (let row = 1; row < rows; row++) {
    const from = start + row * columns.length;
    for (let index = 0; index < columns.length; index++) columns[index] += source[from + index];
  }
}
