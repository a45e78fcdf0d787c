import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { phaseCorrelator } from "./phase-correlation.js";

const SIDE = 32;

/** Three blobs at a place. */
function blobs(x: number, y: number, { gain = 100, light = 50 } = {}): Float64Array {
  return Float64Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [u, v] = [(i % SIDE) - x, Math.floor(i / SIDE) - y];
    const blob = (cx: number, cy: number, s: number) =>
      Math.exp(-((u - cx) ** 2 + (v - cy) ** 2) / (2 * s * s));
    return light + gain * (blob(12, 12, 2) - 0.7 * blob(19, 14, 1.5) + 0.5 * blob(15, 20, 2.5));
  });
}

describe("phaseCorrelator", () => {
  const { spectrum, shift } = phaseCorrelator(SIDE);

  it("finds shifts to a small part of a pixel, whatever light and contrast are", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -5, max: 5, noNaN: true }),
        fc.double({ min: -5, max: 5, noNaN: true }),
        fc.double({ min: 20, max: 300, noNaN: true }),
        fc.double({ min: 0, max: 200, noNaN: true }),
        (x, y, gain, light) => {
          const found = shift(spectrum(blobs(0, 0)), spectrum(blobs(x, y, { gain, light })));
          expect(Math.hypot(found.x - x, found.y - y)).toBeLessThan(0.5);
          expect(found.peak).toBeGreaterThan(0.2);
          expect(found.peak).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("gives a picture itself the peak 1 at its place", () => {
    const own = shift(spectrum(blobs(2, 3)), spectrum(blobs(2, 3)));
    expect(own.peak).toBeCloseTo(1, 9);
    expect(Math.hypot(own.x, own.y)).toBeLessThan(1e-9);
  });

  it("finds nothing in a flat picture, and no NaN", () => {
    const flat = spectrum(new Float64Array(SIDE * SIDE).fill(80));
    for (const [a, b] of [
      [flat, flat],
      [flat, spectrum(blobs(0, 0))],
    ] as const)
      expect(shift(a, b)).toEqual({ x: 0, y: 0, peak: 0 });
  });
});
