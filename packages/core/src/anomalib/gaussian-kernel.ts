/** Tells whether a blur's kernel is the Gaussian that Anomalib makes, and of which width. */

/** Largest difference from the formula, in units of the middle weight: the kernels are float32. */
const TOLERANCE = 1e-6;

/**
 * Standard deviation of a square kernel, in pixels; null unless it is a Gaussian exp(−(x² + y²) / 2σ²) of sum 1 whose
 * side is 2·⌊4σ + ½⌋ + 1 (Anomalib 0.3 to 2.7 `GaussianBlur2d`).
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
  if (2 * Math.floor(4 * sigma + 0.5) + 1 !== side) return null;
  return isGaussian(weights, radius, sigma) ? sigma : null;
}

function isGaussian(weights: ArrayLike<number>, radius: number, sigma: number): boolean {
  const side = 2 * radius + 1;
  const line = Array.from({ length: side }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)));
  const total = line.reduce((sum, value) => sum + value, 0) ** 2;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const difference = Math.abs((weights[y * side + x] ?? 0) - ((line[y] ?? 0) * (line[x] ?? 0)) / total);
      if (!(difference <= TOLERANCE / total)) return false;
    }
  }
  return true;
}
