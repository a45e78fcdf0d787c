/** How far values lie from the bulk, measured so that the odd ones themselves do not move the yardstick. */

/** Makes the median absolute deviation an estimate of the standard deviation of normal values. */
const TO_SIGMA = 1.4826;

/** Median, the mean of the two middle values for an even count; NaN for none. Infinities are allowed. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return Number.NaN;
  const half = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[half];
  const [low, high] = [sorted[half - 1], sorted[half]];
  return low === high ? low : (low + high) / 2;
}

/**
 * (value − median) / σ for every value, with σ from the median absolute deviation, at least `floor`: differences that
 * would not matter are not called outliers in a very even set. In the units of the values; `floor` above 0.
 */
export function robustZ(values: ArrayLike<number>, floor: number): Float64Array {
  const middle = median(values);
  const list = Float64Array.from(values, (value) => (value === middle ? 0 : value - middle));
  const sigma = Math.max(floor, TO_SIGMA * median(list.map(Math.abs)));
  return list.map((difference) => (difference === 0 ? 0 : difference / sigma));
}
