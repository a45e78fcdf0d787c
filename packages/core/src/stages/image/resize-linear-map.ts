/** OpenCV's INTER_LINEAR for a float map: how Anomalib brings an anomaly map to the size of the picture. */
import { checkResize } from "./check-resize.js";
import type { FloatMap } from "./image.js";
import { type LinearTaps, linearTaps } from "./linear-taps.js";

/**
 * Resizes a map by linear interpolation, each step rounded to float32: bit-equal to OpenCV 4.8
 * `cv2.resize(…, INTER_LINEAR)` for one float32 channel with IPP switched off. OpenCV wheels that use IPP
 * differ from it by up to 1.2e-5 for values near 1.
 *
 * @param map values in any unit; not changed
 * @param width columns of the result, from 1
 * @param height rows of the result, from 1
 * @returns a map with its own data; the same object when the size is the same
 * @throws BlemishError IMAGE_PIXELS, OPTION_VALUE: see {@link checkResize}
 */
export function resizeLinearMap(map: FloatMap, width: number, height: number): FloatMap {
  checkResize(map, width, height);
  if (map.width === width && map.height === height) return map;
  if (map.width === 2 * width && map.height === 2 * height) return halveMap(map);
  const x = linearTaps(map.width, width, "x");
  const y = linearTaps(map.height, height, "y");
  const lowShares = x.fraction.map((share) => 1 - share);
  // Neighbouring rows differ in parity, so two slots hold both and each source row is interpolated once.
  const slots = [new Float32Array(width), new Float32Array(width)] as const;
  const held = [-1, -1];
  const data = new Float32Array(width * height);
  for (let row = 0; row < height; row++) {
    const low = y.low[row];
    const high = y.high[row];
    for (let source = low; source <= high; source++) {
      if (held[source & 1] === source) continue;
      interpolateRow(map.data, source * map.width, x, lowShares, slots[source & 1]);
      held[source & 1] = source;
    }
    blendRows(slots[low & 1], slots[high & 1], y.fraction[row], data, row * width);
  }
  return { width, height, data };
}

function interpolateRow(
  source: Float32Array,
  start: number,
  { low, high, fraction }: LinearTaps,
  lowShares: Float32Array,
  row: Float32Array,
): void {
  for (let index = 0; index < row.length; index++) {
    const left = Math.fround(source[start + low[index]] * lowShares[index]);
    row[index] = left + Math.fround(source[start + high[index]] * fraction[index]);
  }
}

function blendRows(
  upper: Float32Array,
  lower: Float32Array,
  share: number,
  out: Float32Array,
  start: number,
) {
  const upperShare = Math.fround(1 - share);
  for (let index = 0; index < upper.length; index++) {
    out[start + index] = Math.fround(upper[index] * upperShare) + Math.fround(lower[index] * share);
  }
}

/**
 * The mean of each 2 × 2 block. OpenCV adds four outputs at a time as two row pairs and the up to three that
 * remain of a row one after the other; float32 sums depend on that order.
 */
function halveMap(map: FloatMap): FloatMap {
  const width = map.width / 2;
  const height = map.height / 2;
  const paired = width - (width % 4);
  const data = new Float32Array(width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const top = 2 * row * map.width + 2 * column;
      const bottom = top + map.width;
      const first = Math.fround(map.data[top] + map.data[top + 1]);
      const sum =
        column < paired
          ? Math.fround(first + Math.fround(map.data[bottom] + map.data[bottom + 1]))
          : Math.fround(Math.fround(first + map.data[bottom]) + map.data[bottom + 1]);
      data[row * width + column] = sum * 0.25;
    }
  }
  return { width, height, data };
}
