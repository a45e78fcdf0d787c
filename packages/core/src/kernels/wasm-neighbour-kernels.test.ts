import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../random.js";
import { type Arena, createArena } from "./arena.js";
import { type Bank, type NeighbourKernels, packPoints, quantiseBank, squaredLengths } from "./memory-bank.js";
import { neighbourKernels } from "./neighbour-kernels.js";
import { plainNeighbourKernels } from "./plain-neighbour-kernels.js";
import {
  fillRows,
  neighbourBytes,
  preparedNeighbourBytes,
  preparedRowBytes,
  roomForRows,
  wasmNeighbourKernels,
} from "./wasm-neighbour-kernels.js";

interface Shape {
  readonly rows: number;
  readonly channels: number;
  readonly cells: number;
  readonly k: number;
  readonly seed: number;
  /** Few different values, so that many rows are equally near. */
  readonly coarse: boolean;
}

const shapes: fc.Arbitrary<Shape> = fc.record({
  rows: fc.integer({ min: 1, max: 40 }),
  channels: fc.integer({ min: 1, max: 19 }),
  cells: fc.integer({ min: 1, max: 21 }),
  k: fc.integer({ min: 1, max: 9 }),
  seed: fc.integer({ min: 1, max: 1e9 }),
  coarse: fc.boolean(),
});

function numbers(
  count: number,
  { seed, coarse }: Pick<Shape, "seed" | "coarse">,
  offset: number,
): Float32Array {
  const random = seededRandom(seed + offset);
  return Float32Array.from({ length: count }, () =>
    coarse ? Math.round(random.normal()) : 3 * random.normal() + 1,
  );
}

/** Arrays of the arena with the same content. */
function placed({ rows, channels, data, scale, norms }: Bank, arena: Arena): Bank {
  const here = data instanceof Int8Array ? arena.int8(data.length) : arena.float32(data.length);
  here.set(data);
  const floats = (values: Float32Array) => {
    const array = arena.float32(values.length);
    array.set(values);
    return array;
  };
  return { rows, channels, data: here, scale: scale && floats(scale), norms: floats(norms) };
}

function searched(kernels: NeighbourKernels, bank: Bank, shape: Shape, arena: Arena) {
  const { channels, cells, k } = shape;
  const patches = arena.float32(channels * cells);
  patches.set(numbers(channels * cells, shape, 7));
  const out = { index: arena.int32(k * cells), squared: arena.float32(k * cells) };
  kernels.nearest(placed(bank, arena), patches, cells, k, out);
  return { patches: patches.slice(), index: out.index.slice(), squared: out.squared.slice() };
}

function banks(shape: Shape): Bank[] {
  const { rows, channels } = shape;
  const data = numbers(rows * channels, shape, 0);
  const plain = { rows, channels, data, scale: null };
  return [{ ...plain, norms: squaredLengths(plain) }, quantiseBank(rows, channels, data)];
}

describe("nearest", () => {
  it("gives the bytes of the plain kernels", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        for (const bank of banks(shape)) {
          const arena = createArena(1 << 20);
          const compiled = searched(neighbourKernels(arena), bank, shape, arena);
          expect(compiled).toEqual(searched(plainNeighbourKernels, bank, shape, createArena(1 << 20)));
        }
      }),
      { numRuns: 150 },
    );
  });

  it("finds the rows that are nearest by the definition", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const { rows, channels, cells, k, coarse } = shape;
        for (const bank of banks(shape)) {
          const arena = createArena(1 << 20);
          const { patches, index, squared } = searched(neighbourKernels(arena), bank, shape, arena);
          const { data, scale } = bank;
          for (let cell = 0; cell < cells; cell++) {
            const true64 = Array.from({ length: rows }, (_, row) => {
              let sum = 0;
              for (let d = 0; d < channels; d++) {
                const entry = (data[row * channels + d] as number) * (scale?.[row] ?? 1);
                sum += ((patches[d * cells + cell] as number) - entry) ** 2;
              }
              return { row, sum };
            });
            const order = [...true64].sort((a, b) => a.sum - b.sum || a.row - b.row);
            for (let n = 0; n < k; n++) {
              const found = index[n * cells + cell] as number;
              const expected = order[n];
              if (expected === undefined) {
                expect([found, squared[n * cells + cell]]).toEqual([-1, Number.POSITIVE_INFINITY]);
                continue;
              }
              const sum = true64[found]?.sum as number;
              // Rows may change places when they are equally near but for rounding; whole numbers are exact.
              const slack = scale === null ? 1e-4 : 2e-2;
              expect(sum).toBeLessThanOrEqual(expected.sum + slack);
              if (coarse && scale === null) expect(found).toBe(expected.row);
              expect(Math.abs((squared[n * cells + cell] as number) - sum)).toBeLessThan(1e-5 * (1 + sum));
            }
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  // Comparisons stop on their way where rows are far; here most are.
  const clustered = fc.record({
    rows: fc.integer({ min: 1, max: 90 }),
    channels: fc.integer({ min: 1, max: 90 }),
    cells: fc.integer({ min: 1, max: 30 }),
    k: fc.integer({ min: 1, max: 9 }),
    clusters: fc.integer({ min: 1, max: 12 }),
    spread: fc.constantFrom(0, 1e-6, 0.05, 1),
    size: fc.constantFrom(1, 1e-21, 1e-12, 1e6),
    special: fc.constantFrom(0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e30),
    seed: fc.integer({ min: 1, max: 1e9 }),
  });

  it("gives the bytes of the plain kernels where rows form clusters, whatever the numbers are", () => {
    fc.assert(
      fc.property(clustered, ({ rows, channels, cells, k, clusters, spread, size, special, seed }) => {
        const random = seededRandom(seed);
        const centres = Array.from({ length: clusters * channels }, () => random.normal() ** 3);
        const vectors = (count: number) => {
          const out = new Float32Array(count * channels);
          for (let i = 0; i < count; i++) {
            const centre = random.int(clusters) * channels;
            for (let d = 0; d < channels; d++)
              out[i * channels + d] = size * ((centres[centre + d] as number) + spread * random.normal());
          }
          return out;
        };
        const data = vectors(rows);
        const points = vectors(cells);
        points[random.int(points.length)]! += special;
        const patches = points.map(
          (_, i) => points[(i % cells) * channels + Math.floor(i / cells)] as number,
        );
        const plain = { rows, channels, data, scale: null };
        for (const bank of [{ ...plain, norms: squaredLengths(plain) }, quantiseBank(rows, channels, data)]) {
          const search = (kernelsOf: (arena: Arena) => NeighbourKernels) => {
            const arena = createArena(1 << 18);
            const here = arena.float32(patches.length);
            here.set(patches);
            const out = { index: arena.int32(k * cells), squared: arena.float32(k * cells) };
            // What was found the last time, or anything else, only makes the search quicker.
            const hints = seededRandom(seed);
            for (let i = 0; i < out.index.length; i++) out.index[i] = hints.int(rows + 6) - 3;
            kernelsOf(arena).nearest(placed(bank, arena), here, cells, k, out);
            return { index: out.index.slice(), squared: out.squared.slice() };
          };
          expect(search(neighbourKernels)).toEqual(search(() => plainNeighbourKernels));
        }
      }),
      { numRuns: 400 },
    );
  });

  it("finds nothing near to what is not a number, and everything near to a patch of zeros", () => {
    const arena = createArena(1 << 16);
    const [bank, whole] = banks({ rows: 5, channels: 3, cells: 2, k: 2, seed: 4, coarse: false }) as [
      Bank,
      Bank,
    ];
    const patches = arena.float32(6);
    patches.set([Number.NaN, 0, 1, 0, 1, 0]);
    const out = { index: arena.int32(4), squared: arena.float32(4) };
    neighbourKernels(arena).nearest(placed(bank, arena), patches, 2, 2, out);
    expect([out.index[0], out.index[2], out.squared[0]]).toEqual([-1, -1, Number.POSITIVE_INFINITY]);
    for (const each of [bank, whole]) {
      neighbourKernels(arena).nearest(placed(each, arena), patches, 2, 2, out);
      const shortest = [...each.norms.keys()].sort(
        (a, b) => (each.norms[a] as number) - (each.norms[b] as number),
      );
      expect([out.index[1], out.index[3]]).toEqual(shortest.slice(0, 2));
    }
  });

  it("takes as much room as it says, once", () => {
    const shape: Shape = { rows: 30, channels: 17, cells: 13, k: 9, seed: 2, coarse: false };
    for (const bank of banks(shape)) {
      const arena = createArena(1 << 17);
      const [here, patches] = [placed(bank, arena), arena.float32(17 * 13)];
      const out = { index: arena.int32(9 * 13), squared: arena.float32(9 * 13) };
      const before = arena.free;
      const kernels = wasmNeighbourKernels(arena) as NeighbourKernels;
      for (let round = 0; round < 3; round++) kernels.nearest(here, patches, 13, 9, out);
      expect(before - arena.free).toBeLessThanOrEqual(neighbourBytes(bank, 13));
      expect(before - arena.free).toBeGreaterThan(neighbourBytes(bank, 13) - 256);
    }
  });

  it("takes the room at once where that is asked for", () => {
    const [bank] = banks({ rows: 30, channels: 17, cells: 13, k: 1, seed: 2, coarse: false }) as [Bank];
    const arena = createArena(1 << 17);
    const { data, norms } = placed(bank, arena);
    const patches = arena.float32(17 * 13);
    const out = { index: arena.int32(13), squared: arena.float32(13) };
    const kernels = wasmNeighbourKernels(arena, neighbourBytes(bank, 13)) as NeighbourKernels;
    const { free } = arena;
    for (const rows of [3, 30, 7])
      kernels.nearest({ rows, channels: 17, data, norms, scale: null }, patches, 13, 1, out);
    expect(arena.free).toBe(free);
  });
});

describe("a bank whose rows are prepared", () => {
  it("is searched for any stretch of patches and gives the bytes of the plain kernels, and leaves the rest alone", () => {
    fc.assert(
      fc.property(shapes, fc.nat(), fc.nat(), (shape, a, b) => {
        const { channels, cells, k } = shape;
        const [from, to] = [a % cells, (a % cells) + 1 + (b % (cells - (a % cells)))];
        for (const bank of banks(shape)) {
          const arena = createArena(1 << 20);
          const here = placed(bank, arena);
          const before = arena.free;
          const whole = { ...here, prepared: roomForRows(here, arena) };
          expect(before - arena.free).toBeLessThanOrEqual(preparedRowBytes(bank));
          fillRows(whole, arena);
          const patches = arena.float32(channels * cells);
          patches.set(numbers(channels * cells, shape, 7));
          const kernels = neighbourKernels(arena, preparedNeighbourBytes(bank, to - from));
          const { free } = arena;
          const search = (by: NeighbourKernels, on: Bank, outs: Arena) => {
            const out = { index: outs.int32(k * cells).fill(-7), squared: outs.float32(k * cells).fill(-7) };
            by.nearest(on, patches, cells, k, out, { from, to });
            return { index: out.index.slice(), squared: out.squared.slice() };
          };
          const found = search(kernels, whole, arena);
          expect(found).toEqual(search(plainNeighbourKernels, bank, createArena(1 << 16)));
          expect(found.squared.filter((value) => value === -7)).toHaveLength(k * (cells - (to - from)));
          // Two results, and nothing for the search itself.
          expect(free - arena.free).toBeLessThanOrEqual(8 * k * cells + 2 * 64);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe("shorten", () => {
  const select = (kernels: NeighbourKernels, shape: Shape, arena: Arena) => {
    const { rows, channels } = shape;
    const points = numbers(rows * channels, shape, 3);
    const packed = packPoints(points, rows, channels, arena.float32(Math.ceil(rows / 8) * 8 * channels));
    const distances = arena
      .float32(Math.ceil(rows / 8) * 8)
      .fill(-1)
      .fill(Number.POSITIVE_INFINITY, 0, rows);
    const centre = arena.float32(channels);
    const chosen = [shape.seed % rows];
    for (let step = 0; step < 6; step++) {
      centre.set(
        points.subarray((chosen[step] as number) * channels, ((chosen[step] as number) + 1) * channels),
      );
      chosen.push(kernels.shorten(packed, centre, distances));
    }
    return { points, chosen, distances: distances.slice() };
  };

  it("gives the bytes of the plain kernels, and the farthest point by the definition", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const { rows, channels, coarse } = shape;
        const arena = createArena(1 << 20);
        const compiled = select(neighbourKernels(arena), shape, arena);
        expect(compiled).toEqual(select(plainNeighbourKernels, shape, createArena(1 << 20)));
        const { points, chosen, distances } = compiled;
        const between = (a: number, b: number) => {
          let sum = 0;
          for (let d = 0; d < channels; d++)
            sum += ((points[a * channels + d] as number) - (points[b * channels + d] as number)) ** 2;
          return sum;
        };
        for (let step = 1; step < chosen.length; step++) {
          const nearest = Array.from({ length: rows }, (_, i) =>
            Math.min(...chosen.slice(0, step).map((c) => between(i, c))),
          );
          const farthest = Math.max(...nearest);
          expect(nearest[chosen[step] as number]).toBeGreaterThanOrEqual(farthest * (1 - 1e-5));
          if (coarse) expect(chosen[step]).toBe(nearest.indexOf(farthest));
        }
        expect([...distances.subarray(rows)].every((value) => value === -1)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
