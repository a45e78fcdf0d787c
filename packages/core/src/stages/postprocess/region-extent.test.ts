import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { regionExtent } from "./region-extent.js";

/** Ends of the rows of a turned rectangle's pixels: those whose centre lies inside. */
function turnedRectangle(length: number, width: number, degrees: number): number[] {
  const radians = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  const inside = (x: number, y: number) => {
    const [dx, dy] = [x - 60.3, y - 60.6];
    return Math.abs(dx * cos + dy * sin) <= length / 2 && Math.abs(dy * cos - dx * sin) <= width / 2;
  };
  const points: number[] = [];
  for (let y = 0; y < 120; y++) {
    const row = Array.from({ length: 120 }, (_, x) => x).filter((x) => inside(x, y));
    if (row.length > 0) points.push(row[0]!, y, row.at(-1)!, y);
  }
  return points;
}

describe("regionExtent", () => {
  it("measures turned rectangles to about a pixel, and their angle to a few degrees", () => {
    let worst = 0;
    for (let degrees = -85; degrees <= 90; degrees += 5)
      for (const [length, width] of [
        [60, 12],
        [40, 30],
        [80, 3],
      ] as const) {
        const found = regionExtent(turnedRectangle(length, width, degrees));
        worst = Math.max(worst, Math.abs(found.length - length), Math.abs(found.width - width));
        const turn = Math.abs(found.angle - degrees) % 180;
        expect(Math.min(turn, 180 - turn)).toBeLessThan(4);
        expect(found.angle).toBeGreaterThan(-90);
        expect(found.angle).toBeLessThanOrEqual(90);
      }
    expect(worst).toBeLessThan(1.3);
  });

  it("is exact for upright rectangles, single pixels and lines", () => {
    expect(regionExtent([3, 5, 3, 5])).toEqual({ length: 1, width: 1, angle: 0 });
    expect(regionExtent([3, 5, 9, 5])).toEqual({ length: 7, width: 1, angle: 0 });
    expect(regionExtent([3, 5, 3, 5, 3, 6, 3, 6])).toEqual({ length: 2, width: 1, angle: 90 });
    expect(regionExtent([0, 0, 3, 0, 0, 1, 3, 1])).toEqual({ length: 4, width: 2, angle: 0 });
    const diagonal = Array.from({ length: 10 }, (_, i) => [i, i, i, i]).flat();
    const { length, width, angle } = regionExtent(diagonal);
    expect([width, angle]).toEqual([1, 45]);
    expect(length).toBeCloseTo(Math.hypot(9, 9) + 1, 9);
  });

  it("holds every pixel: its area is that of the hull at least, and no side shorter than needed", () => {
    const points = fc.array(fc.tuple(fc.nat(30), fc.nat(30)), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(points, (list) => {
        const sorted = list.toSorted((a, b) => a[1] - b[1] || a[0] - b[0]);
        const { length, width } = regionExtent(sorted.flat());
        const far = list.flatMap((a) => list.map((b) => Math.hypot(a[0] - b[0], a[1] - b[1])));
        const diameter = Math.max(...far);
        expect(Math.hypot(length - 1, width - 1)).toBeGreaterThanOrEqual(diameter - 1e-9);
        expect(length - 1).toBeLessThanOrEqual(diameter + 1e-9);
        expect(width).toBeLessThanOrEqual(length);
      }),
    );
  });
});
