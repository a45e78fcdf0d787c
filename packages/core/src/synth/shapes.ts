/** Signed distances to plane shapes in part units: negative inside, zero on the edge, positive outside. */
import { clamp } from "./fixed-math.js";

/** Length of the vector (u, v). */
export function length(u: number, v: number): number {
  return Math.sqrt(u * u + v * v);
}

/** Distance to a box round the origin with half sides (halfU, halfV) and corner radius. */
export function boxDistance(u: number, v: number, halfU: number, halfV: number, radius = 0): number {
  const du = Math.abs(u) - halfU + radius;
  const dv = Math.abs(v) - halfV + radius;
  const outside = du > 0 && dv > 0 ? length(du, dv) : Math.max(du, dv);
  return outside - radius;
}

/** Distance to the straight line from (u0, v0) to (u1, v1), ends rounded; never negative. */
export function segmentDistance(
  u: number,
  v: number,
  u0: number,
  v0: number,
  u1: number,
  v1: number,
): number {
  const du = u1 - u0;
  const dv = v1 - v0;
  const square = du * du + dv * dv;
  const t = square === 0 ? 0 : clamp(((u - u0) * du + (v - v0) * dv) / square, 0, 1);
  return length(u - u0 - t * du, v - v0 - t * dv);
}
