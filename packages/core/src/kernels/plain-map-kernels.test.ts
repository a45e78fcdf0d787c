import { describe, expect, it } from "vitest";
import type { BandMatrix } from "./map-kernels.js";
import { plainMapKernels } from "./plain-map-kernels.js";

/** Three rows of two numbers, padded to eight. */
function matrix(numbers: readonly (readonly [number, number])[]): BandMatrix {
  const weights = new Float32Array(2 * 2 * 4);
  numbers.forEach(([left, right], row) => {
    weights[(row >> 2) * 8 + (row & 3)] = left;
    weights[(row >> 2) * 8 + 4 + (row & 3)] = right;
  });
  return { from: 2, to: numbers.length, first: new Int32Array(2), band: 2, weights };
}

describe("plain map kernels", () => {
  it("multiply from both sides", () => {
    const rows = matrix([
      [1, 0],
      [0, 1],
      [2, 3],
    ]);
    const columns = matrix([
      [1, 1],
      [10, 0],
    ]);
    const out = new Float32Array(64).fill(-1);
    plainMapKernels.smooth(Float32Array.of(1, 2, 3, 4), rows, columns, new Float32Array(16), out);
    expect([...out.subarray(0, 3)]).toEqual([3, 10, 0]);
    expect([...out.subarray(8, 11)]).toEqual([7, 30, 0]);
    expect([...out.subarray(16, 19)]).toEqual([27, 110, 0]);
    expect(out.subarray(24).every((value) => value === 0)).toBe(true);
  });

  it("round every product and every sum to float32", () => {
    const [a, b, v, w] = [0.1, 0.7, 1.3, 1.7].map(Math.fround) as [number, number, number, number];
    const out = new Float32Array(64);
    const rows = matrix([[1, 0]]);
    plainMapKernels.smooth(Float32Array.of(v, w, 0, 0), rows, matrix([[a, b]]), new Float32Array(16), out);
    expect(out[0]).toBe(Math.fround(Math.fround(v * a) + Math.fround(w * b)));
  });

  it("look at values in their order, and at NaN never", () => {
    const values = Float32Array.of(3, Number.NaN, -1, 5, 3);
    expect(plainMapKernels.maximum(values)).toBe(5);
    expect(plainMapKernels.countAtLeast(values, 3)).toBe(3);
    const out = new Float32Array(4);
    plainMapKernels.collectAtLeast(values, 3, out);
    expect([...out]).toEqual([3, 5, 3, 0]);
  });

  it("have −∞ as the maximum of nothing, and 0 as that of −0", () => {
    expect(plainMapKernels.maximum(Float32Array.of(Number.NaN))).toBe(Number.NEGATIVE_INFINITY);
    expect(Object.is(plainMapKernels.maximum(Float32Array.of(-0)), 0)).toBe(true);
  });
});
