/** Area averaging by whole factors: every output pixel is the mean of a block of source pixels. */
import type { Raster8 } from "./image.js";

/**
 * Shrinks a picture by the whole factors `acrossBy` (x) and `downBy` (y), which must divide its sides.
 * Sums are exact. 2 × 2 blocks of 1, 3 or 4 channels round halves up; everything else multiplies by a float32
 * reciprocal and rounds half to even. That is what OpenCV 4.8's INTER_AREA does for u8.
 */
export function averageBlocks<R extends Raster8>(image: R, acrossBy: number, downBy: number): R {
  const { channels } = image;
  const width = image.width / acrossBy;
  const height = image.height / downBy;
  const length = width * channels;
  const stride = image.width * channels;
  const halvesUp = acrossBy === 2 && downBy === 2 && channels !== 2;
  const reciprocal = Math.fround(1 / (acrossBy * downBy));
  const columns = new Int32Array(stride);
  // Storing into a clamped array rounds half to even and saturates.
  const data = new Uint8ClampedArray(height * length);
  for (let row = 0; row < height; row++) {
    sumColumns(image.data, row * downBy * stride, downBy, columns);
    for (let index = 0; index < length; index++) {
      const channel = index % channels;
      let position = (index - channel) * acrossBy + channel;
      // A plain number, exact for any block; OpenCV's int overflows beyond 8.4 million pixels in a block.
      let sum = columns[position];
      for (let step = 1; step < acrossBy; step++) {
        position += channels;
        sum += columns[position];
      }
      data[row * length + index] = halvesUp ? (sum + 2) >> 2 : Math.fround(Math.fround(sum) * reciprocal);
    }
  }
  return { ...image, width, height, data: new Uint8Array(data.buffer) };
}

/** Sums of `rows` whole rows, sample by sample. */
function sumColumns(source: Uint8Array, start: number, rows: number, columns: Int32Array): void {
  columns.set(source.subarray(start, start + columns.length));
  for (let row = 1; row < rows; row++) {
    const from = start + row * columns.length;
    for (let index = 0; index < columns.length; index++) columns[index] += source[from + index];
  }
}
