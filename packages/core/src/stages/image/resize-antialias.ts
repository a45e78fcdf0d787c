/** Pillow's antialiased bilinear resize for 8-bit pictures: what torchvision does to PIL pictures. */
import { type AntialiasTaps, antialiasTaps, WEIGHT_BITS } from "./antialias-taps.js";
import { checkResize } from "./check-resize.js";
import type { Raster8 } from "./image.js";

const HALF = 1 << (WEIGHT_BITS - 1);

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
  const { channels } = image;
  let { data } = image;
  if (image.width !== width) {
    data = filterAcross(
      data,
      image.height,
      image.width * channels,
      channels,
      antialiasTaps(image.width, width),
    );
  }
  if (image.height !== height) data = filterDown(data, width * channels, antialiasTaps(image.height, height));
  return { ...image, width, height, data };
}

/** `[rows, source width, channels]` → `[rows, taps, channels]`. */
function filterAcross(
  source: Uint8Array,
  rows: number,
  stride: number,
  channels: number,
  taps: AntialiasTaps,
) {
  const length = taps.first.length * channels;
  const out = new Uint8Array(rows * length);
  const filterRow = channels === 3 ? filterRgbRow : filterAnyRow;
  for (let row = 0; row < rows; row++) {
    filterRow(source, row * stride, taps, out.subarray(row * length, (row + 1) * length));
  }
  return out;
}

function filterAnyRow(
  source: Uint8Array,
  start: number,
  { first, offset, weight }: AntialiasTaps,
  row: Uint8Array,
) {
  const channels = row.length / first.length;
  for (let index = 0; index < row.length; index++) {
    const channel = index % channels;
    const pixel = (index - channel) / channels;
    let position = start + first[pixel] * channels + channel;
    let sum = HALF;
    for (let tap = offset[pixel]; tap < offset[pixel + 1]; tap++) {
      sum += Math.imul(source[position], weight[tap]);
      position += channels;
    }
    row[index] = sum >> WEIGHT_BITS;
  }
}

/** The same for three channels: three sums side by side take about two thirds of the time. */
function filterRgbRow(
  source: Uint8Array,
  start: number,
  { first, offset, weight }: AntialiasTaps,
  row: Uint8Array,
) {
  for (let pixel = 0; pixel < first.length; pixel++) {
    let position = start + first[pixel] * 3;
    let red = HALF;
    let green = HALF;
    let blue = HALF;
    for (let tap = offset[pixel]; tap < offset[pixel + 1]; tap++) {
      const share = weight[tap];
      red += Math.imul(source[position], share);
      green += Math.imul(source[position + 1], share);
      blue += Math.imul(source[position + 2], share);
      position += 3;
    }
    row[pixel * 3] = red >> WEIGHT_BITS;
    row[pixel * 3 + 1] = green >> WEIGHT_BITS;
    row[pixel * 3 + 2] = blue >> WEIGHT_BITS;
  }
}

/** `[rows, length]` → `[taps, length]`, a whole row at a time. */
function filterDown(
  source: Uint8Array,
  length: number,
  { first, offset, weight }: AntialiasTaps,
): Uint8Array {
  const out = new Uint8Array(first.length * length);
  const sums = new Int32Array(length);
  for (let row = 0; row < first.length; row++) {
    sums.fill(HALF);
    let position = first[row] * length;
    for (let tap = offset[row]; tap < offset[row + 1]; tap++) {
      const share = weight[tap];
      for (let index = 0; index < length; index++) sums[index] += Math.imul(source[position + index], share);
      position += length;
    }
    const start = row * length;
    for (let index = 0; index < length; index++) out[start + index] = sums[index] >> WEIGHT_BITS;
  }
  return out;
}
