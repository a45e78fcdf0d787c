import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lookComparer } from "./compare-looks.js";

const SIDE = 32;

/** Blobs at a place, smooth enough for parts of a pixel. */
const blobs = (x: number, y: number, gain = 100) =>
  Float64Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [u, v] = [(i % SIDE) - x, Math.floor(i / SIDE) - y];
    const blob = (cx: number, cy: number, s: number) =>
      Math.exp(-((u - cx) ** 2 + (v - cy) ** 2) / (2 * s * s));
    return 60 + gain * (blob(12, 13, 3) - 0.7 * blob(20, 15, 2) + 0.5 * blob(15, 21, 3));
  });

describe("lookComparer", () => {
  const compare = lookComparer(blobs(0, 0));

  it("finds where the part lies, in sides of the picture", () => {
    const shift = fc.double({ min: -4, max: 4, noNaN: true });
    fc.assert(
      fc.property(shift, shift, fc.double({ min: 30, max: 150, noNaN: true }), (x, y, gain) => {
        const found = compare(blobs(x, y, gain));
        expect(found.likeness).toBeGreaterThan(0.9);
        expect(Math.hypot(found.x * SIDE - x, found.y * SIDE - y)).toBeLessThan(1);
        expect(found.distance).toBeCloseTo(Math.hypot(found.x, found.y), 12);
      }),
      { numRuns: 60 },
    );
  });

  it("says the same small shift by slopes as by phase correlation", () => {
    const slow = lookComparer(blobs(0, 0), false);
    for (const [x, y] of [
      [0.3, -0.2],
      [-0.5, 0.4],
      [0, 0],
    ] as const) {
      const [a, b] = [compare(blobs(x, y)), slow(blobs(x, y))];
      expect(Math.hypot(a.x - b.x, a.y - b.y) * SIDE).toBeLessThan(0.2);
    }
  });

  it("finds another picture unlike, and a flat one like nothing", () => {
    const noise = Float64Array.from({ length: SIDE * SIDE }, (_, i) => ((i + 1) * 2654435761) % 256);
    expect(compare(noise).likeness).toBeLessThan(0.4);
    const flat = new Float64Array(SIDE * SIDE).fill(9);
    expect(compare(flat)).toEqual({ likeness: 0, x: 0, y: 0, distance: 0 });
    expect(lookComparer(flat)(flat)).toEqual({ likeness: 0, x: 0, y: 0, distance: 0 });
    expect(lookComparer(flat)(noise).likeness).toBe(0);
  });
});
