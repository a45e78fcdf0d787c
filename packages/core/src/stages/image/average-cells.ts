/** Area averaging by any factor: every output pixel is the float32 mean of the source cells it covers. */
import { type AreaTaps, areaTaps } from "./area-taps.js";
import type { Raster8 } from "./image.js";

/**
 * Shrinks a picture to `[height, width, channels]`; neither side may grow. Sums run in float32, along x and
 * then along y in ascending order, and round half to even: OpenCV 4.8's general INTER_AREA for u8.
 */
export function averageCells<R extends Raster8>(image: R, width: number, height: number): R {
  const { channels } = image;
  const x = areaTaps(image.width, width);
  const y = areaTaps(image.height, height);
  const stride = image.width * channels;
  const row = new Float32Array(width * channels);
  const sum = new Float32Array(row.length);
  // Storing into a clamped array rounds half to even and saturates, which is just what is wanted.
  const data = new Uint8ClampedArray(height * row.length);
  const averageRow = channels === 3 ? averageRgbRow : averageAnyRow;
  let held = -1;
  for (let cell = 0; cell < height; cell++) {
    sum.fill(0);
    let source = y.first[cell];
    for (let tap = y.offset[cell]; tap < y.offset[cell + 1]; tap++, source++) {
      // The row that two cells share is averaged along x only once.
      if (source !== held) averageRow(image.data, source * stride, x, row);
      held = source;
      addRow(row, y.weight[tap], sum);
    }
    data.set(sum, cell * row.length);
  }
  return { ...image, width, height, data: new Uint8Array(data.buffer) };
}

/** `[source width, channels]` → `[cells, channels]`. */
function averageAnyRow(
  source: Uint8Array,
  start: number,
  { first, offset, weight }: AreaTaps,
  row: Float32Array,
) {
  const channels = row.length / first.length;
  for (let index = 0; index < row.length; index++) {
    const channel = index % channels;
    const cell = (index - channel) / channels;
    let position = start + first[cell] * channels + channel;
    let total = 0;
    for (let tap = offset[cell]; tap < offset[cell + 1]; tap++) {
      total = Math.fround(total + Math.fround(source[position] * weight[tap]));
      position += channels;
    }
    row[index] = total;
  }
}

/** The same for three channels: three sums side by side take about two thirds of the time. */
function averageRgbRow(
  source: Uint8Array,
  start: number,
  { first, offset, weight }: AreaTaps,
  row: Float32Array,
) {
  for (let cell = 0; cell < first.length; cell++) {
    let position = start + first[cell] * 3;
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let tap = offset[cell]; tap < offset[cell + 1]; tap++) {
      const share = weight[tap];
      red = Math.fround(red + Math.fround(source[position] * share));
      green = Math.fround(green + Math.fround(source[position + 1] * share));
      blue = Math.fround(blue + Math.fround(source[position + 2] * share));
      position += 3;
    }
    row[cell * 3] = red;
    row[cell * 3 + 1] = green;
    row[cell * 3 + 2] = blue;
  }
}

function addRow(row: Float32Array, weight: number, sum: Float32Array): void {
  for (let index = 0; index < sum.length; index++) sum[index] += Math.fround(weight * row[index]);
}
