/** How measured numbers are told: the least is what the work needs, the rest is what else went on. */
import { median } from "@blemish/core";

/** Least, median and 95th percentile of some milliseconds. */
export interface Spread {
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
}

/** Least, median and greatest of a few numbers, one from each round. */
export interface OverRounds {
  readonly min: number;
  readonly p50: number;
  readonly max: number;
}

/** The spread of at least one number, rounded to hundredths. The 95th percentile is the nearest measured number. */
export function spreadOf(numbers: readonly number[]): Spread {
  const sorted = numbers.toSorted((a, b) => a - b);
  const p95 = sorted[Math.round(0.95 * (sorted.length - 1))] ?? Number.NaN;
  return { min: hundredths(sorted[0] ?? Number.NaN), p50: medianOf(numbers), p95: hundredths(p95) };
}

/** Least, median and greatest of at least one number, rounded to hundredths. */
export function overRounds(numbers: readonly number[]): OverRounds {
  const sorted = numbers.toSorted((a, b) => a - b);
  return {
    min: hundredths(sorted[0] ?? Number.NaN),
    p50: medianOf(numbers),
    max: hundredths(sorted.at(-1) ?? Number.NaN),
  };
}

/** The median of at least one number, the mean of the middle two for an even count, rounded to hundredths. */
export function medianOf(numbers: readonly number[]): number {
  return hundredths(median(numbers));
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
