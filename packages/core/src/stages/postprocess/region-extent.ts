/** The smallest rectangle around points, at any angle: convex hull, then one rectangle along each of its edges. */
import type { RegionExtent } from "./result.js";

/**
 * The extent of pixels, see {@link RegionExtent}. Of rectangles with the same area the first counts.
 * @param points x and y of pixels, alternating, by rising y and for equal y by rising x; at least one. Of a row of pixels
 *   its two ends suffice.
 */
export function regionExtent(points: ArrayLike<number>): Omit<RegionExtent, "lengthMm" | "widthMm"> {
  const hull = convexHull(points);
  let best = { length: 1, width: 1, angle: 0 };
  let smallest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < hull.length && hull.length > 2; i += 2) {
    const next = (i + 2) % hull.length;
    const [dx, dy] = [hull[next] - hull[i], hull[next + 1] - hull[i + 1]];
    const edge = Math.hypot(dx, dy);
    const along = spread(hull, dx / edge, dy / edge) + 1;
    const across = spread(hull, -dy / edge, dx / edge) + 1;
    // A rectangle along an opposite edge differs by rounding alone.
    if (!(along * across < smallest * (1 - 1e-12))) continue;
    smallest = along * across;
    const angle = along >= across ? Math.atan2(dy, dx) : Math.atan2(dx, -dy);
    best = { length: Math.max(along, across), width: Math.min(along, across), angle: inHalfTurn(angle) };
  }
  return best;
}

/** How far the points reach along a direction of length 1. */
function spread(points: readonly number[], dx: number, dy: number): number {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < points.length; i += 2) {
    const place = points[i] * dx + points[i + 1] * dy;
    if (place < least) least = place;
    if (place > most) most = place;
  }
  return most - least;
}

/** Radians to degrees in (−90, 90]. */
function inHalfTurn(radians: number): number {
  const degrees = (radians * 180) / Math.PI;
  if (degrees > 90) return degrees - 180;
  return degrees <= -90 ? degrees + 180 : degrees;
}

/** The hull's corners, x and y alternating (Andrew's monotone chain); none of a single pixel, two of a line. */
function convexHull(points: ArrayLike<number>): number[] {
  // Each chain ends where the other begins.
  const there = chain(points, 0, points.length, 2).slice(0, -2);
  const back = chain(points, points.length - 2, -2, -2).slice(0, -2);
  return [...there, ...back];
}

function chain(points: ArrayLike<number>, from: number, to: number, step: number): number[] {
  const hull: number[] = [];
  for (let i = from; i !== to; i += step) {
    const [x, y] = [points[i], points[i + 1]];
    while (hull.length >= 4 && !turnsLeft(hull, x, y)) hull.length -= 2;
    if (hull.length >= 2 && hull[hull.length - 2] === x && hull[hull.length - 1] === y) continue;
    hull.push(x, y);
  }
  return hull;
}

/** Whether the way over the last two corners to a point turns to one side, and strictly. */
function turnsLeft(hull: readonly number[], x: number, y: number): boolean {
  const [ax, ay, bx, by] = hull.slice(-4);
  return (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0;
}
