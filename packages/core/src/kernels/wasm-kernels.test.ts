import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderKernels } from "../../../../scripts/build-kernels.js";
import { read } from "../../../../tests/repo/sources.js";
import { LANES } from "./kernels.js";
import { plainKernels } from "./plain-kernels.js";
import { wasmKernels } from "./wasm-kernels.js";

const shapes = fc.record({
  channels: fc.integer({ min: 1, max: 12 }),
  pictures: fc.integer({ min: 1, max: 9 }),
  seed: fc.integer({ min: 1, max: 1 << 30 }),
});

/** Seeded numbers around zero: an integer hash, so that both sides get the same. */
function fill(array: Float64Array, seed: number): Float64Array {
  for (let i = 0; i < array.length; i++) {
    const mixed = Math.imul((i + seed) ^ ((i + seed) >>> 15), 0x2c1b3c6d);
    array[i] = ((mixed ^ (mixed >>> 12)) >>> 0) / 2 ** 31 - 1;
  }
  return array;
}

describe("the compiled kernels", () => {
  it("give the same bytes as the plain ones: fit and distance", () => {
    fc.assert(
      fc.property(shapes, ({ channels, pictures, seed }) => {
        const packed = ((channels * (channels + 1)) / 2) * LANES;
        const results = [plainKernels(), wasmKernels(1 << 20)].map((kernels) => {
          const scatter = kernels.float64(packed);
          const delta = fill(kernels.float64(pictures * channels * LANES), seed);
          for (let i = 0; i < channels; i++) {
            const diagonal = ((i * (i + 1)) / 2 + i) * LANES;
            scatter.fill(0.5, diagonal, diagonal + LANES);
          }
          kernels.addOuterProducts(scatter, delta, channels, pictures);
          const sums = scatter.slice();
          const failed = kernels.whiten(scatter, channels);
          const out = kernels.float64(pictures * LANES);
          kernels.squaredDistances(scatter, delta, channels, pictures, out);
          return { sums, failed, factors: scatter.slice(), out: out.slice() };
        });
        expect(results[1]).toEqual(results[0]);
        expect(results[0]?.failed).toBe(-1);
        expect(Math.min(...(results[0]?.out ?? []))).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 60 },
    );
  });

  it("name the same first lane that is not positive definite", () => {
    for (const kernels of [plainKernels(), wasmKernels(1 << 20)]) {
      const matrices = kernels.float64(3 * LANES);
      matrices
        .fill(1, 0, LANES)
        .fill(0.5, LANES, 2 * LANES)
        .fill(1, 2 * LANES);
      matrices[2 * LANES + 37] = 0.25;
      matrices[2 * LANES + 50] = Number.NaN;
      expect(kernels.whiten(matrices, 2)).toBe(37);
    }
  });

  it("say when their memory is used up", () => {
    expect(() => wasmKernels(1 << 16).float64(1 << 20)).toThrow(/MEMORY/);
    expect(() => wasmKernels(2 ** 40)).toThrow(/MEMORY/);
  });

  it("are what their source compiles to (npm run kernels)", async () => {
    expect(await renderKernels("tile-kernels")).toBe(read("packages/core/src/kernels/tile-kernels-wasm.ts"));
  });
});
