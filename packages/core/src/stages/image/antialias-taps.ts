/** Which source positions one output position of Pillow's bilinear filter reads along one axis, and their weights. */
import { RUN_WEIGHT_BITS, type RunAxis } from "../../kernels/pixel-kernels.js";

/** The weight 1; a constant, because the power takes longer than all the rest. */
const ONE = 2 ** RUN_WEIGHT_BITS;

/**
 * Taps of Pillow 10's BILINEAR: a triangle as wide as two output pixels, never narrower than two source pixels. Weights
 * are fixed-point; those of one output sum to about one.
 */
export function antialiasTaps(source: number, target: number): RunAxis<Int32Array> {
  const scale = source / target;
  const support = Math.max(scale, 1);
  const widest = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(target);
  const offset = new Int32Array(target + 1);
  const weight = new Int32Array(target * widest);
  const shares = new Float64Array(widest);
  const narrow = 1 / support;
  let used = 0;
  for (let index = 0; index < target; index++) {
    const centre = (index + 0.5) * scale;
    const start = Math.max(Math.trunc(centre - support + 0.5), 0);
    const count = Math.min(Math.trunc(centre + support + 0.5), source) - start;
    let sum = 0;
    for (let tap = 0; tap < count; tap++) {
      shares[tap] = Math.max(1 - Math.abs((tap + start - centre + 0.5) * narrow), 0);
      sum += shares[tap];
    }
    first[index] = start;
    for (let tap = 0; tap < count; tap++) {
      weight[used++] = Math.trunc(0.5 + (shares[tap] / sum) * ONE);
    }
    offset[index + 1] = used;
  }
  return { first, offset, weight: weight.subarray(0, used) };
}
