import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cholesky, packedLength } from "../linalg/cholesky.js";
import { seededRandom } from "../random.js";
import { plainHeadKernels } from "./plain-head-kernels.js";

describe("squared distances", () => {
  /** One cell, two channels, W = [[2, 0], [−1, 3]]; four rows are stored. */
  const lay = (entries: Readonly<Record<number, number>>, length: number) =>
    Array.from({ length }, (_, at) => entries[at] ?? 0);
  const mean = Float32Array.from(lay({ 0: 1, 8: -1 }, 16));
  const embedding = Float32Array.of(3, 1);
  const expected = 4 ** 2 + 4 ** 2;

  it("are ‖W·(x − μ)‖² for floats", () => {
    const out = new Float32Array(1);
    const factor = Float32Array.from(lay({ 0: 2, 8: -1, 40: 3 }, 128));
    plainHeadKernels.squaredDistances({ channels: 2, cells: 1, mean, factor, scale: null }, embedding, out);
    expect(out[0]).toBe(expected);
  });

  it("are ‖W·(x − μ)‖² for integers with scales of their columns", () => {
    const out = new Float32Array(1);
    const scale = Float32Array.from(lay({ 0: 0.5, 8: 0.25 }, 32));
    for (const kind of [Int16Array, Int8Array]) {
      const factor = kind.from(lay({ 0: 4, 16: -2, 17: 12 }, 128));
      plainHeadKernels.squaredDistances({ channels: 2, cells: 1, mean, factor, scale }, embedding, out);
      expect(out[0] / expected).toBeCloseTo(1, 4);
    }
  });

  it("are not finite where the embedding is not, and right everywhere else", () => {
    const scale = new Float32Array(32).fill(1);
    const factor = new Int16Array(128).fill(1, 0, 16);
    const means = new Float32Array(8);
    const out = new Float32Array(4);
    const bad = Float32Array.of(2, Number.NaN, Number.POSITIVE_INFINITY, 3);
    plainHeadKernels.squaredDistances({ channels: 1, cells: 4, mean: means, factor, scale }, bad, out);
    expect(out[0]).toBeCloseTo(4, 5);
    expect(out[3]).toBeCloseTo(9, 5);
    expect(out[1]).toBeNaN();
    expect(Number.isFinite(out[2])).toBe(false);
  });
});

describe("factorise", () => {
  it("is the Cholesky factor in every lane", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 1 << 30 }), (n, seed) => {
        const random = seededRandom(seed);
        const matrices = new Float64Array(packedLength(n) * 8);
        const expected = Array.from({ length: 8 }, (_, lane) => {
          const b = Float64Array.from({ length: n * n }, () => random.normal());
          const a = new Float64Array(packedLength(n));
          for (let i = 0, at = 0; i < n; i++)
            for (let j = 0; j <= i; j++, at++) {
              let sum = i === j ? 0.1 : 0;
              for (let k = 0; k < n; k++) sum += b[i * n + k] * b[j * n + k];
              a[at] = sum;
              matrices[at * 8 + lane] = sum;
            }
          return cholesky(a, n);
        });
        expect(plainHeadKernels.factorise(matrices, n)).toBe(-1);
        expected.forEach((l, lane) => {
          expect(
            l.map((value, at) => value - matrices[at * 8 + lane]).every((difference) => difference === 0),
          ).toBe(true);
        });
      }),
    );
  });

  it("names the first matrix that is not positive definite", () => {
    const matrices = new Float64Array(24).fill(1, 0, 8).fill(1, 16).fill(0.5, 8, 16);
    matrices[8 + 5] = 1;
    matrices[16 + 6] = Number.NaN;
    expect(plainHeadKernels.factorise(matrices, 2)).toBe(5);
    expect(plainHeadKernels.factorise(new Float64Array(8).fill(-1, 3), 1)).toBe(0);
  });
});
