/** The middle of a list of numbers, and what it makes of distances from it. */

/** Makes the median absolute deviation an estimate of the standard deviation of normal values. */
export const DEVIATION_TO_SIGMA = 1.4826;

/** Median, the mean of the two middle values for an even count; NaN for none. Infinities are allowed. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return Number.NaN;
  const half = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[half];
  const [low, high] = [sorted[half - 1], sorted[half]];
  return low === high ? low : (low + high) / 2;
}
