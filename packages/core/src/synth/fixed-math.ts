/**
 * Small functions of one or two numbers for the part maker. Trigonometry is done here with + − × ÷ √ only,
 * which IEEE 754 rounds the same everywhere; the engine's own sine may differ in its last digit between machines.
 * Accurate to 1e-6: enough for pictures, not meant for measurement.
 */

/** x limited to [low, high]. */
export function clamp(x: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, x));
}

/** a for w = 0, b for w = 1, a straight line between. */
export function mix(a: number, b: number, w: number): number {
  return a + (b - a) * w;
}

/** 0 below `from`, 1 above `to`, a smooth cubic between; `from` may be the larger one. */
export function smoothstep(from: number, to: number, x: number): number {
  const t = clamp((x - from) / (to - from), 0, 1);
  return t * t * (3 - 2 * t);
}

/** x modulo n, in [0, n) also for negative x. */
export function modulo(x: number, n: number): number {
  return x - n * Math.floor(x / n);
}

/** Share of a pixel that a shape covers, 0–1, from the signed distance to its edge (negative inside). */
export function cover(distance: number, pixel: number): number {
  return clamp(0.5 - distance / pixel, 0, 1);
}

/** sin x, x in radians. */
export function sine(x: number): number {
  const halfTurns = Math.round(x / Math.PI);
  const r = x - halfTurns * Math.PI;
  const r2 = r * r;
  const series = 1 - (r2 / 6) * (1 - (r2 / 20) * (1 - (r2 / 42) * (1 - (r2 / 72) * (1 - r2 / 110))));
  return (halfTurns & 1 ? -r : r) * series;
}

/** cos x, x in radians. */
export function cosine(x: number): number {
  return sine(x + Math.PI / 2);
}

/** The angle of the direction (x, y), −π to π radians; 0 for (0, 0). */
export function arcTangent2(y: number, x: number): number {
  const ax = Math.abs(x);
  const ay = Math.abs(y);
  const larger = Math.max(ax, ay);
  if (larger === 0) return 0;
  const ratio = Math.min(ax, ay) / larger;
  // Halving the angle once brings the argument below 0.42, where seven terms suffice.
  const t = ratio / (1 + Math.sqrt(1 + ratio * ratio));
  const t2 = t * t;
  let sum = 0;
  for (let k = 13; k >= 1; k -= 2) sum = 1 / k - t2 * sum;
  const acute = 2 * t * sum;
  const quarter = ay > ax ? Math.PI / 2 - acute : acute;
  const half = x < 0 ? Math.PI - quarter : quarter;
  return y < 0 ? -half : half;
}
