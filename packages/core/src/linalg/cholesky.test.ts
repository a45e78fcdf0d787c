import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cholesky, invertLower, multiplyLower, packedLength, solvePositive } from "./cholesky.js";

/** A random positive definite matrix B·Bᵀ + I/10, packed, from the entries of B. */
const positive = fc
  .integer({ min: 1, max: 9 })
  .chain((n) =>
    fc
      .array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: n * n, maxLength: n * n })
      .map((b) => ({ n, a: gram(b, n) })),
  );

function gram(b: number[], n: number): Float64Array {
  const a = new Float64Array(packedLength(n));
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = i === j ? 0.1 : 0;
      for (let k = 0; k < n; k++) sum += (b[i * n + k] as number) * (b[j * n + k] as number);
      a[packedLength(i) + j] = sum;
    }
  return a;
}

describe("cholesky", () => {
  it("gives the matrix back: L·Lᵀ = A", () => {
    fc.assert(
      fc.property(positive, ({ n, a }) => {
        const l = cholesky(a, n);
        for (let i = 0; i < n; i++)
          for (let j = 0; j <= i; j++) {
            let sum = 0;
            for (let k = 0; k <= j; k++)
              sum += (l[packedLength(i) + k] as number) * (l[packedLength(j) + k] as number);
            expect(sum).toBeCloseTo(a[packedLength(i) + j] as number, 9);
          }
      }),
    );
  });

  it("inverts: W·L = 1", () => {
    fc.assert(
      fc.property(positive, ({ n, a }) => {
        const l = cholesky(a, n);
        const w = invertLower(l, n);
        for (let j = 0; j < n; j++) {
          const column = Float64Array.from({ length: n }, (_, i) =>
            i < j ? 0 : (l[packedLength(i) + j] as number),
          );
          const out = new Float64Array(n);
          multiplyLower(w, column, out);
          for (let i = 0; i < n; i++) expect(out[i]).toBeCloseTo(i === j ? 1 : 0, 9);
        }
      }),
    );
  });

  it("solves A·x = b", () => {
    const x = solvePositive(Float64Array.of(4, 2, 3), Float64Array.of(2, 5));
    expect([...x]).toEqual([expect.closeTo(-0.5, 12), expect.closeTo(2, 12)]);
  });

  it("names the pivot of a matrix that is not positive definite", () => {
    expect(() => cholesky(Float64Array.of(1, 1, 1), 2)).toThrow(/pivot 1 is 0/);
    expect(() => cholesky(Float64Array.of(Number.NaN), 1)).toThrow(/MODEL_STATISTICS/);
  });
});
