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
  const whole = { linkedGroups: Int16Array.of(1), order: new Int16Array(0) };

  it("are ‖W·(x − μ)‖² for floats", () => {
    const out = new Float32Array(1);
    const factor = Float32Array.from(lay({ 0: 2, 8: -1, 40: 3 }, 128));
    const head = { channels: 2, cells: 1, mean, ...whole, factor, scale: null };
    plainHeadKernels.squaredDistances(head, embedding, out);
    expect(out[0]).toBe(expected);
  });

  it("are ‖W·(x − μ)‖² for integers with scales of their columns", () => {
    const out = new Float32Array(1);
    const scale = Float32Array.from(lay({ 0: 0.5, 8: 0.25 }, 32));
    for (const kind of [Int16Array, Int8Array]) {
      const factor = kind.from(lay({ 0: 4, 16: -2, 17: 12 }, 128));
      const head = { channels: 2, cells: 1, mean, ...whole, factor, scale };
      plainHeadKernels.squaredDistances(head, embedding, out);
      expect(out[0] / expected).toBeCloseTo(1, 4);
    }
  });

  it("take the linked channels of each cell first, and of the others the diagonal", () => {
    // Five channels, two cells: of the first cell channels 1 and 4 are linked, of the second none is.
    const head = {
      channels: 5,
      cells: 2,
      mean: new Float32Array(40),
      linkedGroups: Int16Array.of(1),
      order: Int16Array.from(lay({ 0: 1, 8: 4, 16: 0, 24: 2, 32: 3, 1: 0, 9: 1, 17: 2, 25: 3, 33: 4 }, 40)),
      // Columns of four rows; the fifth channel's diagonal behind the triangle.
      factor: Float32Array.from(
        lay({ 0: 2, 8: -1, 40: 3, 80: 1, 120: 1, 128: 10, 1: 1, 41: 1, 81: 1, 121: 1, 129: 1 }, 136),
      ),
      scale: null,
    };
    const out = new Float32Array(2);
    const values = [
      [5, 1],
      [3, 2],
      [6, 3],
      [7, 4],
      [8, 5],
    ].flat();
    plainHeadKernels.squaredDistances(head, Float32Array.from(values), out);
    expect([...out]).toEqual([
      (2 * 3) ** 2 + (3 * 8 - 3) ** 2 + 5 ** 2 + 6 ** 2 + (10 * 7) ** 2,
      1 + 4 + 9 + 16 + 25,
    ]);
  });

  it("are those of the blocks that are asked for", () => {
    const head = {
      channels: 1,
      cells: 17,
      mean: new Float32Array(24),
      linkedGroups: Int16Array.of(0, 1, 0),
      order: new Int16Array(16),
      factor: Float32Array.from({ length: 8 + 128 + 8 }, (_, at) => (at >= 16 && at < 136 ? 0 : 2)),
      scale: null,
    };
    const out = new Float32Array(17).fill(-1);
    plainHeadKernels.squaredDistances(head, new Float32Array(17).fill(3), out, 1, 2);
    expect([...out]).toEqual(Array.from(out, (_, cell) => (cell >= 8 && cell < 16 ? 36 : -1)));
    plainHeadKernels.squaredDistances(head, new Float32Array(17).fill(1), out, 1);
    expect([...out]).toEqual(Array.from(out, (_, cell) => (cell >= 8 ? 4 : -1)));
  });

  it("are not finite where the embedding is not, and right everywhere else", () => {
    const scale = new Float32Array(32).fill(1);
    const factor = new Int16Array(128).fill(1, 0, 16);
    const means = new Float32Array(8);
    const out = new Float32Array(4);
    const bad = Float32Array.of(2, Number.NaN, Number.POSITIVE_INFINITY, 3);
    const head = { channels: 1, cells: 4, mean: means, ...whole, factor, scale };
    plainHeadKernels.squaredDistances(head, bad, out);
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
