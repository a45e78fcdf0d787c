import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arenaOver, createKernelMemory } from "./arena.js";
import { BLOCK, type Kernels, LANES } from "./kernels.js";
import { plainKernels } from "./plain-kernels.js";
import { kernelRoom } from "./tile-operations.js";
import { tileKernels, wasmKernels } from "./wasm-kernels.js";

interface Shape {
  readonly channels: number;
  readonly pictures: number;
  readonly tiles: number;
  readonly seed: number;
}

const shapes: fc.Arbitrary<Shape> = fc.record({
  channels: fc.integer({ min: 1, max: 13 }),
  pictures: fc.integer({ min: 1, max: BLOCK }),
  tiles: fc.integer({ min: 1, max: 2 }),
  seed: fc.integer({ min: 1, max: 1 << 30 }),
});

/** Seeded numbers around zero: an integer hash, so that both sides get the same. */
function fill<A extends Float64Array | Float32Array>(array: A, seed: number): A {
  for (let i = 0; i < array.length; i++) {
    const mixed = Math.imul((i + seed) ^ ((i + seed) >>> 15), 0x2c1b3c6d);
    array[i] = ((mixed ^ (mixed >>> 12)) >>> 0) / 2 ** 31 - 1;
  }
  return array;
}

/** Every kernel once, one on the results of the other. */
function everything(kernels: Kernels, { channels, pictures, tiles, seed }: Shape) {
  const vectors = () => kernels.float64(tiles * channels * LANES);
  const triangles = () => kernels.float64((tiles * channels * (channels + 1) * LANES) / 2);
  const stride = tiles * LANES;
  const picture = channels * stride + 16;
  const block = fill(kernels.float32(BLOCK * picture), seed);
  const [pilot, sum, scatter] = [
    fill(vectors(), seed + 1),
    fill(vectors(), seed + 2),
    fill(triangles(), seed + 3),
  ];
  const these = { block, picture, stride, channels, pictures };
  kernels.addPictures(these, pilot, sum, scatter);
  const sums = [sum.slice(), scatter.slice()];
  const factors = triangles();
  kernels.centreScatter(sum, scatter, channels, pictures + 1, factors);
  const centred = factors.slice();
  const divisors = fill(kernels.float64(stride), seed + 4);
  divisors.set(divisors.map((value) => value + 3));
  const ridges = kernels.float64(stride);
  ridges.set(divisors.map((value) => 30 + channels * value));
  const failed = kernels.whiten(factors, channels, divisors, ridges);
  const out = kernels.float64(stride * pictures);
  kernels.squaredDistances(these, pilot, factors, out);
  const products = kernels.float64((stride * pictures * (pictures + 1)) / 2);
  kernels.innerProducts(these, pilot, factors, products);
  const results = [...sums, centred, factors, out, products].map((array) => array.slice());
  return { failed, least: Math.min(...out), results };
}

describe("the compiled kernels", () => {
  it("give the same bytes as the plain ones", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const [plain, compiled] = [
          everything(plainKernels(), shape),
          everything(wasmKernels(1 << 21), shape),
        ];
        expect(compiled).toEqual(plain);
        expect(plain.failed).toBe(-1);
        expect(plain.least).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 40 },
    );
  });

  it("give the same bytes in shared memory, in any part of it", () => {
    const shape = { channels: 6, pictures: 5, tiles: 2, seed: 8 };
    const memory = createKernelMemory(1 << 22, true);
    const half = tileKernels(arenaOver(memory, 1 << 21, 1 << 22));
    expect(everything(half, shape)).toEqual(everything(wasmKernels(1 << 21), shape));
  });

  it("take no more room than they say", () => {
    const shape = { channels: 13, pictures: 3, tiles: 2, seed: 1 };
    const numbers = 2 * LANES * (2 * 13 + 2 * 91 + 2 + 3 + 6);
    const taken = 4 * BLOCK * (13 * 128 + 16) + 8 * numbers;
    const arena = arenaOver(createKernelMemory(1 << 21, false), 0, 1 << 21);
    const before = arena.free;
    everything(tileKernels(arena), shape);
    expect(before - arena.free).toBeLessThanOrEqual(taken + kernelRoom(13));
    expect(before - arena.free).toBeGreaterThan(taken + kernelRoom(13) - 1024);
  });

  it("find the one number that is not finite", () => {
    for (const kernels of [plainKernels(), wasmKernels(1 << 16)]) {
      const values = kernels.float32(64).fill(3e38);
      expect(kernels.allFinite(values)).toBe(true);
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        values[61] = bad;
        expect(kernels.allFinite(values)).toBe(false);
      }
    }
  });

  it("name the same first lane that is not positive definite", () => {
    for (const kernels of [plainKernels(), wasmKernels(1 << 20)]) {
      const matrices = kernels.float64(2 * 3 * LANES);
      for (let row = 0; row < 6; row++)
        matrices.fill([1, 0.5, 1][row % 3] as number, row * LANES, (row + 1) * LANES);
      const ones = kernels.float64(2 * LANES).fill(1);
      const zeros = kernels.float64(2 * LANES);
      matrices[5 * LANES + 37] = 0.25;
      matrices[5 * LANES + 50] = Number.NaN;
      expect(kernels.whiten(matrices, 2, ones, zeros)).toBe(LANES + 37);
    }
  });

  it("say when their memory is used up", () => {
    expect(() => wasmKernels(1 << 16).float64(1 << 20)).toThrow(/MEMORY/);
    expect(() => wasmKernels(2 ** 40)).toThrow(/MEMORY/);
  });
});
