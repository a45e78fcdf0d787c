import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../random.js";
import { type Arena, arenaOver, createArena, createKernelMemory } from "./arena.js";
import { type BandMatrix, type MapKernels, paddedRows } from "./map-kernels.js";
import { plainMapKernels } from "./plain-map-kernels.js";
import { wasmMapKernels } from "./wasm-map-kernels.js";

const both = (arena: Arena): MapKernels[] => [plainMapKernels, wasmMapKernels(arena)!];
const bytesOf = (values: Float32Array) =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();

/** Any runs and any numbers, in the padding too. */
function randomMatrix(arena: Arena, from: number, to: number, band: number, seed: number): BandMatrix {
  const random = seededRandom(seed);
  const groups = paddedRows(to) / 4;
  const first = arena.int32(groups).map(() => random.int(from - band + 1));
  const placed = arena.int32(groups);
  placed.set(first);
  const weights = arena.float32(groups * band * 4);
  for (let at = 0; at < weights.length; at++) weights[at] = random.int(4) === 0 ? 0 : random.normal();
  return { from, to, first: placed, band, weights };
}

interface Shape {
  readonly width: number;
  readonly height: number;
  readonly toWidth: number;
  readonly toHeight: number;
  /** Length of the runs, where the grid is that long. */
  readonly run: number;
  readonly seed: number;
}

const shape: fc.Arbitrary<Shape> = fc.record({
  width: fc.integer({ min: 1, max: 20 }),
  height: fc.integer({ min: 1, max: 20 }),
  toWidth: fc.integer({ min: 1, max: 70 }),
  toHeight: fc.integer({ min: 1, max: 70 }),
  run: fc.integer({ min: 1, max: 20 }),
  seed: fc.nat(),
});

function smoothed(arena: Arena, { width, height, toWidth, toHeight, run, seed }: Shape) {
  const random = seededRandom(seed);
  const rows = randomMatrix(arena, height, toHeight, Math.min(run, height), seed + 1);
  const columns = randomMatrix(arena, width, toWidth, Math.min(run, width), seed + 2);
  const grid = arena.float32(width * height);
  for (let at = 0; at < grid.length; at++) grid[at] = 10 * random.normal();
  const wide = arena.float32(height * paddedRows(toWidth) + 16);
  const out = arena.float32(paddedRows(toHeight) * paddedRows(toWidth) + 16);
  return both(arena).map((kernels) => {
    // Room behind the results shows when too much is written.
    wide.fill(-7);
    out.fill(-7);
    kernels.smooth(grid, rows, columns, wide.subarray(0, -16), out.subarray(0, -16));
    expect([...wide.subarray(-16), ...out.subarray(-16)]).toEqual(new Array(32).fill(-7));
    return bytesOf(out);
  });
}

const wild = fc.oneof(
  fc.float({ min: 0, max: 20, noNaN: true }),
  fc.float(),
  fc.constantFrom(-0, 3, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN),
);

describe("compiled map kernels", () => {
  it("smooth to the same bytes as the plain ones, whatever the sizes", () => {
    fc.assert(
      fc.property(shape, (one) => {
        const [plain, fast] = smoothed(createArena(1 << 17), one);
        expect(fast).toEqual(plain);
      }),
      { numRuns: 200 },
    );
  });

  it("work in a part of shared memory", () => {
    const memory = createKernelMemory(1 << 18, true);
    const arena = arenaOver(memory, 1 << 16, 1 << 18);
    expect(arena.buffer).toBeInstanceOf(SharedArrayBuffer);
    const [plain, fast] = smoothed(arena, {
      width: 16,
      height: 9,
      toWidth: 61,
      toHeight: 37,
      run: 5,
      seed: 1,
    });
    expect(fast).toEqual(plain);
  });

  it("find, count and collect the same values, whatever they are", () => {
    fc.assert(
      fc.property(fc.array(wild, { minLength: 0, maxLength: 90 }), wild, (numbers, floor) => {
        const arena = createArena(4096);
        const values = arena.float32(numbers.length);
        values.set(numbers);
        const [plain, fast] = both(arena).map((kernels) => {
          const count = kernels.countAtLeast(values, floor);
          const out = arena.float32(count + 8).fill(-7);
          kernels.collectAtLeast(values, floor, out);
          return { maximum: kernels.maximum(values), count, out: bytesOf(out) };
        });
        expect(fast).toEqual(plain);
      }),
      { numRuns: 500 },
    );
  });

  it("leave arrays that are elsewhere to the plain ones", () => {
    const compiled = wasmMapKernels(createArena(64))!;
    const values = Float32Array.of(1, 4, 2);
    const out = new Float32Array(2);
    expect(compiled.maximum(values)).toBe(4);
    expect(compiled.countAtLeast(values, 2)).toBe(2);
    compiled.collectAtLeast(values, 2, out);
    expect([...out]).toEqual([4, 2]);
    const one = {
      from: 1,
      to: 1,
      band: 1,
      first: new Int32Array(2),
      weights: Float32Array.of(3, 0, 0, 0, 0, 0, 0, 0),
    };
    const map = new Float32Array(64);
    compiled.smooth(Float32Array.of(2), one, one, new Float32Array(8), map);
    expect(map[0]).toBe(18);
  });

  it("are not there without memory", () => {
    expect(wasmMapKernels({ ...createArena(64), memory: null })).toBeNull();
  });
});
