/** Tells whether a blur's kernel is the Gaussian that Anomalib makes, and of which width. */

/** Largest difference from the formula, in units of the middle weight: the kernels are float32. */
const TOLERANCE = 1e-6;

/**
 * Standard deviation of a square kernel, in pixels; null unless it is a Gaussian exp(−(x² + y²) / 2σ²) of sum 1 whose
 * side is 2·⌊4σ + ½⌋ + 1 (Anomalib 0.3 to 2.7 `GaussianBlur2d`), in float32 or rounded to half floats (OpenVINO's compressed files).
 * @param weights `[side, side]` row-major.
 */
export function gaussianSigma(weights: ArrayLike<number>, side: number): number | null {
  const radius = (side - 1) / 2;
  if (side < 3 || side % 2 === 0 || weights.length !== side * side) return null;
  const middle = radius * side + radius;
  const ratio = (weights[middle + radius] ?? 0) / (weights[middle] ?? 0);
  if (!(ratio > 0 && ratio < 1)) return null;
  // From the outermost weight, where rounding matters least.
  const sigma = Number((radius / Math.sqrt(-2 * Math.log(ratio))).toPrecision(6));
  if (isOfSide(sigma, side) && isGaussian(weights, radius, sigma, 0)) return sigma;
  if (!Array.from(weights).every(isHalf)) return null;
  // Half floats have few digits there: from the weight halfway, and as few digits.
  const halfway = Math.round(radius / 2);
  const part = (weights[middle + halfway] ?? 0) / (weights[middle] ?? 0);
  const rough = Number((halfway / Math.sqrt(-2 * Math.log(part))).toPrecision(3));
  return isOfSide(rough, side) && isGaussian(weights, radius, rough, HALF) ? rough : null;
}

/** Largest share that rounding to a half float changes, and the least step of one. */
const HALF = 2 ** -11;
const HALF_STEP = 2 ** -25;

/** Whether a number between 0 and 1 is a half float. */
function isHalf(value: number): boolean {
  const step = Math.max(2 ** (Math.floor(Math.log2(value)) - 10), 2 ** -24);
  return value % step === 0;
}

function isOfSide(sigma: number, side: number): boolean {
  return 2 * Math.floor(4 * sigma + 0.5) + 1 === side;
}

/** @param rounding share that weights were rounded by besides: that of half floats, or 0. */
function isGaussian(weights: ArrayLike<number>, radius: number, sigma: number, rounding: number): boolean {
  const side = 2 * radius + 1;
  const line = Array.from({ length: side }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)));
  const total = line.reduce((sum, value) => sum + value, 0) ** 2;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const weight = ((line[y] ?? 0) * (line[x] ?? 0)) / total;
      const allowed = TOLERANCE / total + (rounding > 0 ? rounding * weight + HALF_STEP : 0);
      if (!(Math.abs((weights[y * side + x] ?? 0) - weight) <= allowed)) return false;
    }
  }
  return true;
}
