import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { enlargeBilinear } from "./enlarge-bilinear.js";

const plane = (height: number, width: number, values: ArrayLike<number>) => ({
  shape: [1, 1, height, width],
  data: Float32Array.from(values),
});

function enlarged(height: number, width: number, values: ArrayLike<number>, to: [number, number], scale = 1) {
  const out = new Float32Array(to[0] * to[1]);
  enlargeBilinear(plane(height, width, values), 0, to[1], to[0], scale, out, 0);
  return out;
}

describe("enlargeBilinear", () => {
  it("aligns the centres of cells and repeats edges, as torch does", () => {
    const row = [
      0, 0, 0.125, 0.375, 0.625, 0.875, 1.125, 1.375, 1.625, 1.875, 2.125, 2.375, 2.625, 2.875, 3, 3,
    ];
    expect([...enlarged(1, 4, [0, 1, 2, 3], [1, 16])]).toEqual(row);
    expect([...enlarged(4, 1, [0, 1, 2, 3], [16, 1])]).toEqual(row);
  });

  it("gives ONNX Runtime's numbers, also for sides that are no multiples", () => {
    // onnxruntime 1.20, Resize linear half_pixel of 2 × 3 to 3 × 5.
    const found = enlarged(2, 3, [1, 5, 2, -3, 0, 7], [3, 5]);
    const expected = [1, 2.6, 5, 3.2, 2, -1, 0.4, 2.5, 3.7, 4.5, -3, -1.8, 0, 4.2, 7];
    found.forEach((value, at) => {
      expect(value).toBeCloseTo(expected[at] ?? Number.NaN, 5);
    });
  });

  it("keeps what is flat, stays within its neighbours, and copies what is as large", () => {
    const side = fc.integer({ min: 1, max: 9 });
    const values = fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: 81, maxLength: 81 });
    fc.assert(
      fc.property(side, side, side, side, values, (height, width, down, right, all) => {
        const own = all.slice(0, height * width);
        const found = enlarged(height, width, own, [height + down, width + right]);
        expect(Math.min(...found)).toBeGreaterThanOrEqual(Math.min(...Float32Array.from(own)) - 1e-4);
        expect(Math.max(...found)).toBeLessThanOrEqual(Math.max(...Float32Array.from(own)) + 1e-4);
        expect(enlarged(height, width, own, [height, width])).toEqual(Float32Array.from(own));
        const flat = enlarged(
          height,
          width,
          own.map(() => 7.25),
          [height + down, width + right],
        );
        expect(flat.every((value) => Math.abs(value - 7.25) < 1e-5)).toBe(true);
      }),
    );
  });

  it("divides by the scale, reads the plane that is asked for, and writes where it is told", () => {
    const tap = { shape: [1, 2, 1, 2], data: Float32Array.of(9, 9, 2, 4) };
    const out = new Float32Array(6).fill(-1);
    enlargeBilinear(tap, 1, 4, 1, 2, out, 1);
    expect([...out]).toEqual([-1, 1, 1.25, 1.75, 2, -1]);
    enlargeBilinear(tap, 1, 2, 1, 2, out, 0);
    expect([...out.subarray(0, 2)]).toEqual([1, 2]);
  });
});
