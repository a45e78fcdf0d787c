/** How measured numbers are told: the least is what the code needs, the rest is what else went on. */

/** Least, median and 95th percentile of some milliseconds, rounded to hundredths. */
export interface Spread {
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
}

/** The spread of at least one number. */
export function spreadOf(numbers: readonly number[]): Spread {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (share: number) => round(sorted[Math.round(share * (sorted.length - 1))]!);
  return { min: at(0), p50: median(numbers), p95: at(0.95) };
}

/** The median, rounded to hundredths. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return round((sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2);
}

/** To hundredths. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
