/** Which source positions one output cell of area averaging covers, and by how much, along one axis. */
import type { RunAxis } from "../../kernels/pixel-kernels.js";
import { axisScale } from "./linear-taps.js";

/** An overhang that covers less of a pixel than this is left out, as in OpenCV. */
const SMALLEST_OVERHANG = 1e-3;

/**
 * Taps of OpenCV's INTER_AREA for an axis that shrinks (or keeps its size) by any factor from 1. Weights are shares of the
 * covered positions; those of one cell sum to about 1.
 */
export function areaTaps(source: number, target: number): RunAxis<Float32Array> {
  const scale = axisScale(source, target);
  const first = new Int32Array(target);
  const offset = new Int32Array(target + 1);
  const weight = new Float32Array(target * (Math.ceil(scale) + 2));
  let used = 0;
  for (let cell = 0; cell < target; cell++) {
    const start = cell * scale;
    const end = start + scale;
    const size = Math.min(scale, source - start);
    const lastWhole = Math.min(Math.floor(end), source - 1);
    const firstWhole = Math.min(Math.ceil(start), lastWhole);
    const overhang = firstWhole - start > SMALLEST_OVERHANG;
    first[cell] = overhang ? firstWhole - 1 : firstWhole;
    if (overhang) weight[used++] = (firstWhole - start) / size;
    for (let whole = firstWhole; whole < lastWhole; whole++) weight[used++] = 1 / size;
    const rest = end - lastWhole;
    if (rest > SMALLEST_OVERHANG) weight[used++] = Math.min(rest, 1, size) / size;
    offset[cell + 1] = used;
  }
  return { first, offset, weight: weight.subarray(0, used) };
}
