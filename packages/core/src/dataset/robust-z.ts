/** How far values lie from the bulk, measured so that the odd ones themselves do not move the yardstick. */
import { DEVIATION_TO_SIGMA, median } from "../metrics/median.js";

/**
 * (value − median) / σ for every value, with σ from the median absolute deviation, at least `floor`: differences that
 * would not matter are not called outliers in a very even set. In the units of the values; `floor` above 0.
 */
export function robustZ(values: ArrayLike<number>, floor: number): Float64Array {
  const middle = median(values);
  const list = Float64Array.from(values, (value) => (value === middle ? 0 : value - middle));
  const sigma = Math.max(floor, DEVIATION_TO_SIGMA * median(list.map(Math.abs)));
  return list.map((difference) => (difference === 0 ? 0 : difference / sigma));
}
