/** OpenCV's INTER_LINEAR for a float map: how Anomalib brings an anomaly map to the size of the picture. */
import { fastPixelKernels } from "../../kernels/fast-pixel-kernels.js";
import { checkResize } from "./check-resize.js";
import type { FloatMap } from "./image.js";
import { linearTaps, tapsOfRows } from "./linear-taps.js";

/**
 * Resizes a map by linear interpolation, each step rounded to float32: bit-equal to OpenCV 4.8
 * `cv2.resize(…, INTER_LINEAR)` for one float32 channel with IPP switched off. OpenCV wheels that use IPP
 * differ from it by up to 1.2e-5 for values near 1.
 *
 * @param map values in any unit; not changed
 * @param width columns of the result, from 1
 * @param height rows of the result, from 1
 * @param rows only these rows of the result matter (`from` to before `to`); others may stay 0. Default: all
 * @returns a map with its own data; the same object when the size is the same
 * @throws BlemishError IMAGE_PIXELS, OPTION_VALUE: see {@link checkResize}
 */
export function resizeLinearMap(
  map: FloatMap,
  width: number,
  height: number,
  rows: { readonly from: number; readonly to: number } = { from: 0, to: height },
): FloatMap {
  checkResize(map, width, height);
  if (map.width === width && map.height === height) return map;
  if (map.width === 2 * width && map.height === 2 * height) return halveMap(map);
  const x = linearTaps(map.width, width, "x");
  const y = tapsOfRows(linearTaps(map.height, height, "y"), rows.from, rows.to);
  const data = new Float32Array(width * height);
  fastPixelKernels().interpolateFloats(map, x, y, data.subarray(rows.from * width, rows.to * width));
  return { width, height, data };
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
