/** How the numbers of an activation become 8-bit integers: from its range to a scale and a zero point. */

/** What was seen of an activation: its smallest and largest value, finite, and the mean of each channel. */
export interface ActivationFacts {
  readonly min: number;
  readonly max: number;
  /** null where channels are not measured. */
  readonly means: ArrayLike<number> | null;
}

/** x ≈ scale · (q − zeroPoint), q a whole number 0–255. */
export interface ActivationSteps {
  /** > 0, a float32. */
  readonly scale: number;
  /** The integer that stands for exactly 0; 0–255. */
  readonly zeroPoint: number;
}

const LEVELS = 255;

/** Finer steps than this are of no use, and products of two scales must stay normal float32 numbers. */
const FINEST = 2 ** -50;

/**
 * Steps for uint8 that reach from the smallest to the largest value, widened so that 0 is among them: zero padding and
 * ReLU are then exact. A value that is always 0 gets steps of 1.
 */
export function activationSteps({ min, max }: Pick<ActivationFacts, "min" | "max">): ActivationSteps {
  const low = Math.min(0, min);
  const high = Math.max(0, max);
  if (low === high) return { scale: 1, zeroPoint: 0 };
  const scale = Math.fround(Math.max((high - low) / LEVELS, FINEST));
  return { scale, zeroPoint: Math.min(LEVELS, Math.round((0 - low) / scale)) };
}
