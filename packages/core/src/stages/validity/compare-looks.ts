/** How alike two small grey pictures are, and by how much the part in one lies elsewhere. */
import { type PhaseCorrelator, phaseCorrelator, type Spectrum } from "../../linalg/phase-correlation.js";
import { LOOK_SIDE } from "./validity-rules.js";

/** What comparing found. */
export interface LookComparison {
  /** Correlation where both overlap, −1 to 1; 0 where one of them is flat. */
  readonly likeness: number;
  /** Where the part lies relative to the reference, in sides of the picture. */
  readonly x: number;
  readonly y: number;
  /** Distance of the two. */
  readonly distance: number;
}

/** Compares pictures with one reference. */
export type LookComparer = (look: ArrayLike<number>) => LookComparison;

/** Below this height a peak may as well be noise. */
const SURE_PEAK = 0.15;

/** By so much a shift must make two pictures more alike to be believed. */
const GAIN = 0.02;

/** From this correlation without any shift on, what is left of one is small and found by the slope alone. */
const IN_PLACE = 0.9;

/**
 * A comparer with a reference of {@link LOOK_SIDE}².
 * @param quick from likenesses of {@link IN_PLACE} on find the shift by the reference's slope instead of phase correlation.
 */
export function lookComparer(reference: ArrayLike<number>, quick = true): LookComparer {
  const correlator = sharedCorrelator();
  let spectrum: Spectrum | null = null;
  const slopes = slopesOf(reference);
  return (look) => {
    const still = correlationAt(reference, look, 0, 0);
    if (quick && still >= IN_PLACE) return found(still, slopeShift(reference, look, slopes));
    spectrum ??= correlator.spectrum(reference);
    const { x, y, peak } = correlator.shift(spectrum, correlator.spectrum(look));
    const moved = correlationAt(reference, look, x, y);
    const believed = peak >= SURE_PEAK && (Math.hypot(x, y) < 1 || moved > still + GAIN);
    return believed ? found(Math.max(moved, still), { x, y }) : found(still, { x: 0, y: 0 });
  };
}

let shared: PhaseCorrelator | null = null;

/** Its tables are the same for every reference, and nothing of a call is left in it. */
function sharedCorrelator(): PhaseCorrelator {
  shared ??= phaseCorrelator(LOOK_SIDE);
  return shared;
}

function found(likeness: number, { x, y }: { x: number; y: number }): LookComparison {
  const [right, down] = [x / LOOK_SIDE, y / LOOK_SIDE];
  return { likeness, x: right, y: down, distance: Math.hypot(right, down) };
}

/** Correlation of the reference at p with the look at p + (x, y), bilinear, over the places where both are. */
function correlationAt(reference: ArrayLike<number>, look: ArrayLike<number>, x: number, y: number): number {
  const side = LOOK_SIDE;
  const [left, up] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - left, y - up];
  const [right, down] = [fx > 0 ? 1 : 0, fy > 0 ? side : 0];
  let [n, a, b, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
  for (let row = Math.max(0, -up); row + up + (fy > 0 ? 1 : 0) < side && row < side; row++)
    for (let column = Math.max(0, -left); column + left + right < side && column < side; column++) {
      const at = (row + up) * side + column + left;
      const upper = look[at] * (1 - fx) + look[at + right] * fx;
      const lower = look[at + down] * (1 - fx) + look[at + down + right] * fx;
      const value = upper * (1 - fy) + lower * fy;
      const expected = reference[row * side + column];
      n++;
      a += expected;
      b += value;
      aa += expected * expected;
      bb += value * value;
      ab += expected * value;
    }
  if (n === 0) return 0;
  const [varianceA, varianceB] = [aa / n - (a / n) ** 2, bb / n - (b / n) ** 2];
  if (!(varianceA > 0.01 && varianceB > 0.01)) return 0;
  return Math.max(-1, Math.min(1, (ab / n - (a / n) * (b / n)) / Math.sqrt(varianceA * varianceB)));
}

/** Slopes of the reference inside its border, and the inverse of their sums of products; null where it has none. */
interface Slopes {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly mean: number;
  readonly deviation: number;
  readonly inverse: readonly [xx: number, xy: number, yy: number] | null;
}

function slopesOf(reference: ArrayLike<number>): Slopes {
  const side = LOOK_SIDE;
  const [x, y] = [new Float64Array(side * side), new Float64Array(side * side)];
  let [xx, xy, yy] = [0, 0, 0];
  for (let row = 1; row < side - 1; row++)
    for (let column = 1; column < side - 1; column++) {
      const at = row * side + column;
      x[at] = (reference[at + 1] - reference[at - 1]) / 2;
      y[at] = (reference[at + side] - reference[at - side]) / 2;
      xx += x[at] * x[at];
      xy += x[at] * y[at];
      yy += y[at] * y[at];
    }
  const determinant = xx * yy - xy * xy;
  const inverse =
    determinant > 1e-6 * xx * yy && determinant > 0
      ? ([yy / determinant, -xy / determinant, xx / determinant] as const)
      : null;
  return { x, y, ...spreadOf(reference), inverse };
}

/** The shift that makes up for the differences if they are small: least squares, after light and contrast are evened. */
function slopeShift(
  reference: ArrayLike<number>,
  look: ArrayLike<number>,
  slopes: Slopes,
): { x: number; y: number } {
  const { inverse } = slopes;
  if (inverse === null) return { x: 0, y: 0 };
  const { mean, deviation } = spreadOf(look);
  const gain = deviation > 0 ? slopes.deviation / deviation : 1;
  let [px, py] = [0, 0];
  for (let at = 0; at < slopes.x.length; at++) {
    const difference = reference[at] - slopes.mean - (look[at] - mean) * gain;
    px += slopes.x[at] * difference;
    py += slopes.y[at] * difference;
  }
  const within = (value: number) => Math.max(-2, Math.min(2, value));
  return {
    x: within(inverse[0] * px + inverse[1] * py),
    y: within(inverse[1] * px + inverse[2] * py),
  };
}

function spreadOf(values: ArrayLike<number>): { mean: number; deviation: number } {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    sum += values[i];
    squares += values[i] * values[i];
  }
  const mean = sum / values.length;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / values.length - mean * mean)) };
}
