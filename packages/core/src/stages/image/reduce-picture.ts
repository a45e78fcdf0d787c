/** A small copy of a picture, made quickly for measuring: not for a network, which sees what its profile says. */
import { fastPixelKernels } from "../../kernels/fast-pixel-kernels.js";
import type { RunAxis } from "../../kernels/pixel-kernels.js";
import { areaTaps } from "./area-taps.js";
import type { Raster8 } from "./image.js";
import { resizeArea } from "./resize-area.js";

/** Source rows that one row of the result reads at most. */
const ROWS = 2;

/**
 * Reduces a picture like `resizeArea`, but of the rows that a row of the result stands for at most two are read, from the
 * middle: memory is what reducing a large picture waits for.
 * @param width from 1; @param height from 1. A side that grows is interpolated, see `resizeArea`.
 * @throws BlemishError IMAGE_PIXELS, OPTION_VALUE: see `checkResize`.
 */
export function reducePicture<R extends Raster8>(image: R, width: number, height: number): R {
  if (width > image.width || height * ROWS >= image.height) return resizeArea(image, width, height);
  const data = new Uint8Array(width * height * image.channels);
  const [x, y] = [areaTaps(image.width, width), middleTaps(image.height, height)];
  fastPixelKernels().averageBytes(image, x, y, { scale: 1, shift: 0 }, data);
  return { ...image, width, height, data };
}

/** The middle {@link ROWS} of the positions that each of `target` cells covers. */
function middleTaps(source: number, target: number): RunAxis<Float32Array> {
  const cell = source / target;
  return {
    first: Int32Array.from({ length: target }, (_, i) => Math.floor((i + 0.5) * cell - ROWS / 2)),
    offset: Int32Array.from({ length: target + 1 }, (_, i) => i * ROWS),
    weight: new Float32Array(target * ROWS).fill(1 / ROWS),
  };
}
