/**
 * Seeded noise on the plane: an integer hash of lattice points and smooth interpolation between them
 * ("value noise"). Pure functions of place and seed, so a picture can be drawn in any order.
 */
import { modulo } from "./fixed-math.js";

/** A well-mixed 32-bit integer for a lattice point. Coordinates are integers (low 32 bits count). */
export function hash(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

/** The hash as a number in [−1, 1). */
export function hashSigned(x: number, y: number, seed: number): number {
  return hash(x, y, seed) / 2 ** 31 - 1;
}

/** Smooth noise in [−1, 1]; features are about one unit wide. */
export function noise(x: number, y: number, seed: number): number {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  return blend(
    x - ix,
    y - iy,
    corner(ix, iy, seed),
    corner(ix + 1, iy, seed),
    corner(ix, iy + 1, seed),
    corner(ix + 1, iy + 1, seed),
  );
}

/** {@link noise} that repeats in y after `period` (a whole number): for going round a circle without a seam. */
export function ringNoise(x: number, y: number, period: number, seed: number): number {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  const near = modulo(iy, period);
  const far = modulo(iy + 1, period);
  return blend(
    x - ix,
    y - iy,
    corner(ix, near, seed),
    corner(ix + 1, near, seed),
    corner(ix, far, seed),
    corner(ix + 1, far, seed),
  );
}

/** Sum of `octaves` noises, each twice as fine and half as strong, scaled to [−1, 1]. */
export function fractalNoise(x: number, y: number, octaves: number, seed: number): number {
  let sum = 0;
  let amplitude = 1;
  let total = 0;
  let scale = 1;
  for (let i = 0; i < octaves; i++) {
    sum += amplitude * noise(x * scale, y * scale, seed + i);
    total += amplitude;
    amplitude /= 2;
    scale *= 2;
  }
  return sum / total;
}

/**
 * Nearly normal noise of one lattice point: mean 0, standard deviation 1, within ±3.5 (sum of four bytes).
 */
export function grain(index: number, seed: number): number {
  const h = hash(index, 0x51ed, seed);
  return ((h & 255) + ((h >>> 8) & 255) + ((h >>> 16) & 255) + (h >>> 24) - 510) / 147.8;
}

const corner = hashSigned;

function blend(fx: number, fy: number, a: number, b: number, c: number, d: number): number {
  const wx = fx * fx * (3 - 2 * fx);
  const wy = fy * fy * (3 - 2 * fy);
  const top = a + (b - a) * wx;
  return top + (c + (d - c) * wx - top) * wy;
}
