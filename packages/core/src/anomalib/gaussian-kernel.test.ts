import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gaussianKernel } from "../../../../tests/support/whole-padim.js";
import { gaussianSigma } from "./gaussian-kernel.js";

/** The nearest half float of a number below 1. */
function half(value: number): number {
  const step = Math.max(2 ** (Math.floor(Math.log2(value)) - 10), 2 ** -24);
  return Math.round(value / step) * step;
}

describe("gaussianSigma", () => {
  it("finds the width of every kernel that Anomalib could make", () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 100 }), (tenths) => {
        const kernel = Float32Array.from(gaussianKernel(tenths / 10));
        expect(gaussianSigma(kernel, Math.sqrt(kernel.length))).toBe(tenths / 10);
      }),
    );
  });

  it("finds the width of kernels that were rounded to half floats, and takes no other halves", () => {
    for (const sigma of [1, 2, 4]) {
      const kernel = gaussianKernel(sigma).map(half);
      expect(gaussianSigma(kernel, Math.sqrt(kernel.length))).toBe(sigma);
      expect(
        gaussianSigma(
          kernel.map((weight, i) => (i === 3 ? half(2 * weight + 1e-6) : weight)),
          Math.sqrt(kernel.length),
        ),
      ).toBe(null);
    }
  });

  it("takes no kernel with one weight changed by 1e-5 of the middle", () => {
    const kernel = Float32Array.from(gaussianKernel(4));
    fc.assert(
      fc.property(fc.nat(kernel.length - 1), (at) => {
        const changed = kernel.slice();
        changed[at]! += 1e-5 * kernel[544]!;
        expect(gaussianSigma(changed, 33)).toBe(null);
      }),
    );
  });

  it("takes no other kernels", () => {
    expect(gaussianSigma(new Float32Array(81).fill(1 / 81), 9)).toBe(null);
    expect(gaussianSigma(new Float32Array(81), 9)).toBe(null);
    expect(gaussianSigma(gaussianKernel(1), 8)).toBe(null);
    expect(gaussianSigma([1], 1)).toBe(null);
    expect(gaussianSigma(new Float32Array(81).fill(Number.NaN), 9)).toBe(null);
    // The right shape on the wrong side length: σ 1 cut to 7 × 7.
    const line = [-3, -2, -1, 0, 1, 2, 3].map((x) => Math.exp(-(x ** 2) / 2));
    expect(
      gaussianSigma(
        line.flatMap((y) => line.map((x) => x * y)),
        7,
      ),
    ).toBe(null);
  });
});
