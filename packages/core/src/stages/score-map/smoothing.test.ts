import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { smoothingMatrix, smoothMap } from "./smoothing.js";

/** A 64 × 64 map that is 10 in one cell. */
function peak(x: number, y: number) {
  const data = new Float32Array(64 * 64);
  data[y * 64 + x] = 10;
  return { width: 64, height: 64, data };
}

describe("smoothing", () => {
  const matrix = smoothingMatrix(64, 256, 4);

  it("gives Anomalib's numbers for a lone cell", () => {
    const { data } = smoothMap(peak(30, 20), matrix, matrix);
    const at = (y: number, x: number) => data[y * 256 + x] as number;
    expect(Math.max(...data)).toBeCloseTo(1.335919, 5);
    expect(at(81, 121)).toBeCloseTo(1.335919, 5);
    expect(at(82, 122)).toBeCloseTo(1.3359187, 5);
    expect(at(70, 110)).toBeCloseTo(0.00116, 5);
    expect(data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(160, 3);
  });

  it("reflects at the border like Anomalib", () => {
    const { data } = smoothMap(peak(0, 0), matrix, matrix);
    expect(data[0]).toBeCloseTo(3.576158, 5);
    expect(data[4 * 256 + 4]).toBeCloseTo(1.7325225, 5);
    expect(data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(144.3244, 3);
  });

  it("only enlarges without a blur: half-pixel bilinear", () => {
    const rows = smoothingMatrix(1, 3, 0);
    const { data } = smoothMap(
      { width: 4, height: 1, data: Float32Array.of(0, 1, 2, 3) },
      rows,
      smoothingMatrix(4, 16, 0),
    );
    expect([...data.subarray(0, 8)]).toEqual([0, 0, 0.125, 0.375, 0.625, 0.875, 1.125, 1.375]);
    expect([...data.subarray(13, 16)]).toEqual([2.875, 3, 3]);
    expect(data.subarray(32)).toEqual(data.subarray(0, 16));
  });

  it("keeps constant maps, and stays within the map's range", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 21, max: 90 }),
        fc.double({ min: 0, max: 4.9, noNaN: true }),
        (from, to, sigma) => {
          const each = smoothingMatrix(from, to, sigma);
          for (let row = 0; row < to; row++) {
            const weights = each.weights.subarray(row * each.band, (row + 1) * each.band);
            expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
            expect(weights.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
          }
        },
      ),
    );
  });

  it("refuses maps that the blur does not fit into", () => {
    expect(() => smoothingMatrix(4, 16, 4)).toThrow(/more than 16 pixels/);
  });
});
