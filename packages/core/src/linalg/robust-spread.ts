/** The bulk of a list of values and how wide it is, which a few odd ones do not move. */
/** The bulk of values: its middle, and how far from it a value may lie. */
export interface Spread {
  readonly middle: number;
  readonly half: number;
  /** Values farther away. */
  readonly outside: number;
  readonly low: number;
  readonly high: number;
}

/** Makes the median absolute deviation an estimate of the standard deviation of normal values. */
const TO_DEVIATION = 1.4826;

/** Share of the values that may be odd; more of them belong to the bulk. */
const ODD = 0.02;

/** Of so many pictures the leeway is twice as wide, of more it is less: a few do not show how much good ones differ. */
const FEW = 10;

/** By so much limits lie beyond the most extreme value that belongs to the bulk. */
const BEYOND = 1.25;

/**
 * Median, and a half width of so many robust deviations, at least `leeway` of the median, and wider where values are few. It
 * holds all values if more than 2 % of them lay outside: then they come in groups, such as the light of two lamps.
 * @param values at least one, finite.
 */
export function spreadOf(
  values: readonly number[],
  deviations: number,
  leeway: (middle: number) => number,
): Spread {
  const middle = middleOf(values);
  const away = values.map((value) => Math.abs(value - middle));
  const wider = 1 + FEW / values.length;
  const half = wider * Math.max(deviations * TO_DEVIATION * middleOf(away), leeway(middle));
  const outside = away.filter((distance) => distance > half).length;
  const [low, high] = [lowest(values), highest(values)];
  if (outside <= ODD * values.length) return { middle, half, outside, low, high };
  return { middle, half: Math.max(half, BEYOND * highest(away)), outside: 0, low, high };
}

/** The smallest value; of any number of them. */
export function lowest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
}

/** The largest value; of any number of them. */
export function highest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
}

function middleOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
