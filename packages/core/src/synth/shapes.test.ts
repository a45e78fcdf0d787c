import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boxDistance, length, segmentDistance } from "./shapes.js";

const place = fc.double({ min: -3, max: 3, noNaN: true });

describe("shapes", () => {
  it("measures boxes: sides, corners, inside, rounding", () => {
    expect(boxDistance(3, 0, 1, 2)).toBe(2);
    expect(boxDistance(0, 0, 1, 2)).toBe(-1);
    expect(boxDistance(4, 6, 1, 2)).toBe(5);
    expect(boxDistance(1, 2, 1, 2, 0.5)).toBeCloseTo(0.5 * Math.SQRT2 - 0.5);
  });

  it("a fully rounded square is a circle", () => {
    fc.assert(
      fc.property(place, place, (u, v) => {
        if (length(u, v) > 1) expect(boxDistance(u, v, 1, 1, 1)).toBeCloseTo(length(u, v) - 1, 9);
      }),
    );
  });

  it("measures segments, also of no length", () => {
    expect(segmentDistance(1, 1, 0, 0, 2, 0)).toBe(1);
    expect(segmentDistance(5, 4, 0, 0, 2, 0)).toBe(5);
    expect(segmentDistance(3, 4, 0, 0, 0, 0)).toBe(5);
  });

  it("a distance never grows faster than the way that was walked", () => {
    fc.assert(
      fc.property(place, place, place, place, (u, v, du, dv) => {
        for (const distance of [
          (a: number, b: number) => boxDistance(a, b, 1, 0.5, 0.2),
          (a: number, b: number) => segmentDistance(a, b, -1, 0, 1, 1),
        ])
          expect(Math.abs(distance(u + du, v + dv) - distance(u, v))).toBeLessThanOrEqual(
            length(du, dv) + 1e-9,
          );
      }),
    );
  });
});
