/** What a shape must be before it is drawn: numbers that can be drawn, an outline that does not cross itself. */
import { BlemishError } from "../../errors.js";
import { areRuns } from "./runs.js";
import type { RegionShape } from "./shapes.js";

type Point = readonly [x: number, y: number];

/** Beyond it no picture reaches, and cross products lose digits. */
const FARTHEST = 1e6;

/** A shape in the words of the command line, for messages. */
export function shapeText(shape: RegionShape): string {
  switch (shape.type) {
    case "polygon": {
      const shown = shape.points.slice(0, 4).map(([x, y]) => `${x},${y}`);
      return `polygon:${shown.join(" ")}${shape.points.length > 4 ? " …" : ""}`;
    }
    case "circle":
      return `circle:${shape.x},${shape.y},${shape.radius}`;
    case "rectangle":
      return `rectangle:${shape.x},${shape.y},${shape.width},${shape.height}`;
    case "border":
      return `border:${shape.width}`;
    case "mask":
      return `mask of ${shape.width} × ${shape.height} pixels`;
  }
}

/**
 * Refuses a shape that cannot be drawn on a picture of this size.
 *
 * @throws BlemishError REGION for numbers that are not finite or beyond a million, a radius or side that is not above 0,
 *   a polygon of less than three points or one that crosses or touches itself, a mask of another size than the picture.
 */
export function checkShape(shape: RegionShape, width: number, height: number): void {
  switch (shape.type) {
    case "polygon":
      checkPolygon(shape.points, shapeText(shape));
      return;
    case "circle":
      checkNumbers([shape.x, shape.y, shape.radius], shape);
      checkAboveZero(shape.radius, "a radius", shape);
      return;
    case "rectangle":
      checkNumbers([shape.x, shape.y, shape.width, shape.height], shape);
      checkAboveZero(shape.width, "a width", shape);
      checkAboveZero(shape.height, "a height", shape);
      return;
    case "border":
      checkNumbers([shape.width], shape);
      checkAboveZero(shape.width, "a width", shape);
      return;
    case "mask":
      if (shape.width !== width || shape.height !== height)
        throw refused(shapeText(shape), `the picture's size, ${width} × ${height}`, "another size");
      if (!areRuns(shape.runs, width * height))
        throw refused(shapeText(shape), "ascending runs of marked pixels", "others");
      return;
    default:
      throw refused(
        "A shape",
        "polygon, circle, rectangle, border or mask",
        String((shape as { type?: unknown }).type),
      );
  }
}

/** The corners of a polygon without repeated ones: neighbours that are equal, and a last one that closes it. */
export function cornersOf(points: readonly Point[]): Point[] {
  return points.filter(([x, y], i) => {
    const [nextX, nextY] = points[(i + 1) % points.length];
    return x !== nextX || y !== nextY;
  });
}

function checkPolygon(points: readonly Point[], text: string): void {
  if (!points.flat().every(isUsable)) throw refused(text, "finite numbers up to a million", "others");
  const corners = cornersOf(points);
  if (corners.length < 3) throw refused(text, "at least three different corners", String(corners.length));
  const count = corners.length;
  for (let i = 0; i < count; i++) {
    const [a, b] = [corners[i], corners[(i + 1) % count]];
    if (foldsBack(a, b, corners[(i + 2) % count])) throw crosses(text, a, b);
    for (let k = i + 2; k < count; k++) {
      if (i === 0 && k === count - 1) continue;
      if (meet(a, b, corners[k], corners[(k + 1) % count])) throw crosses(text, a, b);
    }
  }
}

function checkNumbers(numbers: readonly number[], shape: RegionShape): void {
  if (!numbers.every(isUsable)) throw refused(shapeText(shape), "finite numbers up to a million", "others");
}

function checkAboveZero(value: number, what: string, shape: RegionShape): void {
  if (value <= 0) throw refused(shapeText(shape), `${what} above 0`, String(value));
}

function isUsable(value: unknown): boolean {
  return typeof value === "number" && Math.abs(value) <= FARTHEST;
}

/** > 0 when c lies to one side of the line from a to b, < 0 on the other, 0 on it. */
function sideOf([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number {
  return Math.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax));
}

/** Whether the edge from b to c lies on the edge from a to b. */
function foldsBack(a: Point, b: Point, c: Point): boolean {
  return sideOf(a, b, c) === 0 && (a[0] - b[0]) * (c[0] - b[0]) + (a[1] - b[1]) * (c[1] - b[1]) > 0;
}

/** Whether two edges have a point in common. */
function meet(a: Point, b: Point, c: Point, d: Point): boolean {
  const [ofC, ofD, ofA, ofB] = [sideOf(a, b, c), sideOf(a, b, d), sideOf(c, d, a), sideOf(c, d, b)];
  if (ofC !== ofD && ofA !== ofB) return true;
  return (
    (ofC === 0 && isBetween(c, a, b)) ||
    (ofD === 0 && isBetween(d, a, b)) ||
    (ofA === 0 && isBetween(a, c, d)) ||
    (ofB === 0 && isBetween(b, c, d))
  );
}

/** Whether p, which lies on the line through a and b, lies between them. */
function isBetween([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): boolean {
  return Math.min(ax, bx) <= x && x <= Math.max(ax, bx) && Math.min(ay, by) <= y && y <= Math.max(ay, by);
}

function crosses(text: string, [ax, ay]: Point, [bx, by]: Point): BlemishError {
  return refused(
    text,
    "an outline that does not cross or touch itself",
    `one that does at the edge ${ax},${ay} to ${bx},${by}`,
  );
}

function refused(subject: string, expected: string, found: string): BlemishError {
  return new BlemishError("REGION", { subject, expected, found });
}
