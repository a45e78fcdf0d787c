import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../random.js";
import { type Arena, arenaOver, createArena, createKernelMemory } from "./arena.js";
import { BLOCK_CELLS, type HeadKernels, type PackedFactors } from "./packed-factors.js";
import { plainHeadKernels } from "./plain-head-kernels.js";
import { headKernelBytes, wasmHeadKernels } from "./wasm-head-kernels.js";

type Kind = "float32" | "int16" | "int8";

interface Case {
  readonly kind: Kind;
  readonly channels: number;
  readonly cells: number;
  readonly size: number;
  readonly seed: number;
}

/** Any numbers at all: a kernel must not care what the padding holds. */
function randomHead(arena: Arena, { kind, channels, cells, size, seed }: Case) {
  const random = seededRandom(seed);
  const blocks = Math.ceil(cells / BLOCK_CELLS);
  const groups = Math.ceil(channels / 4);
  const entries = blocks * 8 * groups * (groups + 1) * BLOCK_CELLS;
  const fill = (array: Float32Array, scale: number) => {
    for (let at = 0; at < array.length; at++) array[at] = random.int(5) === 0 ? 0 : random.normal() * scale;
    return array;
  };
  const whole = <A extends Int16Array | Int8Array>(array: A, most: number) => {
    for (let at = 0; at < array.length; at++) array[at] = random.int(2 * most + 1) - most;
    return array;
  };
  const head: PackedFactors = {
    channels,
    cells,
    mean: fill(arena.float32(blocks * channels * BLOCK_CELLS), size),
    factor:
      kind === "float32"
        ? fill(arena.float32(entries), 1)
        : kind === "int16"
          ? whole(arena.int16(entries), 32767)
          : whole(arena.int8(entries), 127),
    scale: kind === "float32" ? null : fill(arena.float32(blocks * groups * 4 * BLOCK_CELLS), 1e-3),
  };
  return { head, embedding: fill(arena.float32(channels * cells), size) };
}

function bothResults(one: Case, arena = createArena(1 << 19)): Uint8Array[] {
  const { head, embedding } = randomHead(arena, one);
  return [plainHeadKernels, compiledIn(arena)].map((kernels) => {
    // Room behind the result shows when too much is written.
    const out = arena.float32(one.cells + 16).fill(-7);
    kernels.squaredDistances(head, embedding, out.subarray(0, one.cells));
    expect(out.subarray(one.cells).every((value) => value === -7)).toBe(true);
    return new Uint8Array(out.buffer, out.byteOffset, 4 * one.cells).slice();
  });
}

function compiledIn(arena: Arena): HeadKernels {
  const kernels = wasmHeadKernels(arena);
  if (kernels === null) throw new Error("no WebAssembly with SIMD here");
  return kernels;
}

const cases = fc.record({
  kind: fc.constantFrom<Kind>("float32", "int16", "int8"),
  channels: fc.integer({ min: 1, max: 40 }),
  cells: fc.integer({ min: 1, max: 40 }),
  size: fc.constantFrom(0, 1e-20, 1e-3, 1, 1e6, 1e15),
  seed: fc.integer({ min: 0, max: 1 << 30 }),
});

describe("the compiled head kernels", () => {
  it("give the same bytes as the plain ones", () => {
    fc.assert(
      fc.property(cases, (one) => {
        const [plain, compiled] = bothResults(one);
        expect(compiled).toEqual(plain);
      }),
      { numRuns: 300 },
    );
  });

  it.each<[Kind, number, number]>([
    ["float32", 448, 9],
    ["int16", 448, 9],
    ["int8", 448, 9],
    ["int16", 100, 131],
    ["int8", 1, 1],
    ["float32", 1, 7],
    ["int16", 3, 8],
  ])("give the same bytes for %s, %i channels, %i cells", (kind, channels, cells) => {
    const [plain, compiled] = bothResults({ kind, channels, cells, size: 1, seed: 5 }, createArena(1 << 26));
    expect(compiled).toEqual(plain);
  });

  it("work in shared memory, on a head in another part of it", () => {
    const memory = createKernelMemory(1 << 20, true);
    const one: Case = { kind: "int16", channels: 10, cells: 20, size: 1, seed: 3 };
    const { head, embedding } = randomHead(arenaOver(memory, 0, 1 << 19), one);
    const scratch = arenaOver(memory, 1 << 19, 1 << 20);
    const out = scratch.float32(20);
    compiledIn(scratch).squaredDistances(head, embedding, out);
    const expected = new Float32Array(20);
    plainHeadKernels.squaredDistances(head, embedding, expected);
    expect([...out]).toEqual([...expected]);
  });

  it.each([512, 600, 1792])("do not overflow with bytes in %i channels", (channels) => {
    const arena = createArena(1 << 25);
    const groups = channels / 4;
    const head: PackedFactors = {
      channels,
      cells: 1,
      mean: arena.float32(channels * 8),
      factor: arena.int8(64 * groups * (groups + 1)).fill(127),
      scale: arena.float32(channels * 8).fill(1),
    };
    const embedding = arena.float32(channels).fill(1);
    const [plain, compiled] = [plainHeadKernels, compiledIn(arena)].map((kernels) => {
      const out = arena.float32(1);
      kernels.squaredDistances(head, embedding, out);
      return out[0];
    });
    expect(compiled).toBe(plain);
    // Four equal rows a group, and row i of group g has 4(g + 1) columns.
    let exact = 0;
    for (let g = 1; g <= groups; g++) exact += 4 * (4 * g * 127) ** 2;
    expect(compiled / exact).toBeCloseTo(1, 4);
  });

  it("leave cells alone whose neighbour is not a number", () => {
    const arena = createArena(1 << 16);
    for (const kind of ["float32", "int16", "int8"] as const) {
      const { head, embedding } = randomHead(arena, { kind, channels: 5, cells: 9, size: 1, seed: 8 });
      embedding[2 * 9 + 3] = Number.NaN;
      embedding[8] = Number.NEGATIVE_INFINITY;
      const [plain, compiled] = [plainHeadKernels, compiledIn(arena)].map((kernels) => {
        const out = arena.float32(9);
        kernels.squaredDistances(head, embedding, out);
        return [...out];
      });
      expect(compiled).toEqual(plain);
      expect(compiled.map((value) => Number.isFinite(value))).toEqual(
        [1, 1, 1, 0, 1, 1, 1, 1, 0].map(Boolean),
      );
    }
  });

  it("leave arrays that are elsewhere to the plain kernels", () => {
    const one: Case = { kind: "int8", channels: 6, cells: 11, size: 1, seed: 4 };
    const { head, embedding } = randomHead(arenaOver(new ArrayBuffer(1 << 16), 0, 1 << 16), one);
    const [plain, compiled] = [plainHeadKernels, compiledIn(createArena(4096))].map((kernels) => {
      const out = new Float32Array(11);
      kernels.squaredDistances(head, embedding, out);
      return [...out];
    });
    expect(compiled).toEqual(plain);
    const matrices = new Float64Array(8).fill(4);
    expect(compiledIn(createArena(4096)).factorise(matrices, 1)).toBe(-1);
    expect(matrices[7]).toBe(2);
  });

  it("take no more of their arena than they say, once", () => {
    const arena = createArena(1 << 20);
    const kernels = compiledIn(arena);
    const { head, embedding } = randomHead(arena, {
      kind: "int16",
      channels: 33,
      cells: 9,
      size: 1,
      seed: 1,
    });
    const out = arena.float32(9);
    const before = arena.free;
    kernels.squaredDistances(head, embedding, out);
    const after = arena.free;
    expect(before - after).toBeGreaterThan(0);
    expect(before - after).toBeLessThanOrEqual(headKernelBytes(33));
    kernels.squaredDistances(head, embedding, out);
    expect(arena.free).toBe(after);
  });

  it("factorise to the same bytes, and name the same bad matrix", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 24 }),
        fc.integer({ min: 0, max: 1 << 30 }),
        fc.option(fc.integer({ min: 0, max: 7 })),
        (channels, seed, spoilt) => {
          const arena = createArena(1 << 17);
          const random = seededRandom(seed);
          const rows = (channels * (channels + 1)) / 2;
          const matrices = Float64Array.from({ length: 8 * rows }, () => random.normal() / (2 * channels));
          for (let i = 0; i < channels; i++)
            for (let lane = 0; lane < 8; lane++) matrices[((i * (i + 3)) / 2) * 8 + lane] = 1 + random.next();
          if (spoilt !== null) matrices[(rows - 1) * 8 + spoilt] = Number.NaN;
          const results = [plainHeadKernels, compiledIn(arena)].map((kernels) => {
            const copy = arena.float64(8 * rows);
            copy.set(matrices);
            return { bad: kernels.factorise(copy, channels), copy: copy.slice() };
          });
          expect(results[1]).toEqual(results[0]);
          expect(results[0].bad).toBe(spoilt ?? -1);
        },
      ),
      { numRuns: 60 },
    );
  });
});
