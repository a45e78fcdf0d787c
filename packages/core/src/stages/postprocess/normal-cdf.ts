/** The cumulative distribution function of the standard normal distribution, for `cdf` normalisation. */

/**
 * Φ(z): the probability that a standard normal variable is at most `z`; 0.5 at 0. Absolute error below 1e-14.
 * Both halves are textbook expansions of the error function (Abramowitz and Stegun 7.1.6 and 7.1.14).
 */
export function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  // Beyond this the tail is below half a unit in the last place of 1.
  if (x > 6.5) return z > 0 ? 1 : tail(x) / 2;
  return z > 0 ? 1 - erfc(x) / 2 : erfc(x) / 2;
}

function erfc(x: number): number {
  return x < 2.5 ? 1 - series(x) : tail(x);
}

/** erf(x) = 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (1·3·…·(2n+1)): all terms positive, so nothing cancels. */
function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** erfc(x) for large x as a continued fraction, evaluated from a fixed depth upwards. */
function tail(x: number): number {
  let fraction = x;
  for (let n = 60; n > 0; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
}
