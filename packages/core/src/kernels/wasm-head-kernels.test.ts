import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../random.js";
import { type Arena, arenaOver, createArena, createKernelMemory } from "./arena.js";
import { BLOCK_CELLS, blockPlace, type HeadKernels, type PackedFactors } from "./packed-factors.js";
import { plainHeadKernels } from "./plain-head-kernels.js";
import { headKernelBytes, wasmHeadKernels } from "./wasm-head-kernels.js";

type Kind = "float32" | "int16" | "int8";

/** How many channels are linked: none, all, or in every block another number. */
type Linked = "none" | "all" | "some";

interface Case {
  readonly kind: Kind;
  readonly channels: number;
  readonly cells: number;
  readonly size: number;
  readonly seed: number;
  readonly linked: Linked;
}

const BYTES = { float32: 4, int16: 2, int8: 1 } as const;

/** Any numbers at all: a kernel must not care what the padding holds. */
function randomHead(arena: Arena, { kind, channels, cells, size, seed, linked }: Case) {
  const random = seededRandom(seed);
  const blocks = Math.ceil(cells / BLOCK_CELLS);
  const groups = Math.ceil(channels / 4);
  const fill = (array: Float32Array, scale: number) => {
    for (let at = 0; at < array.length; at++) array[at] = random.int(5) === 0 ? 0 : random.normal() * scale;
    return array;
  };
  const whole = <A extends Int16Array | Int8Array>(array: A, most: number) => {
    for (let at = 0; at < array.length; at++) array[at] = random.int(2 * most + 1) - most;
    return array;
  };
  const linkedGroups = arena.int16(blocks);
  for (let block = 0; block < blocks; block++)
    linkedGroups[block] = { none: 0, all: groups, some: random.int(groups + 1) }[linked];
  const end = blockPlace({ channels, linkedGroups }, blocks);
  const order = arena.int16(end.order);
  for (let list = 0; list < end.order / channels; list++) {
    const drawn = Array.from({ length: channels }, (_, d) => d);
    for (let d = channels - 1; d > 0; d--) {
      const other = random.int(d + 1);
      [drawn[d], drawn[other]] = [drawn[other], drawn[d]];
    }
    const first = Math.floor(list / BLOCK_CELLS) * channels * BLOCK_CELLS + (list % BLOCK_CELLS);
    drawn.forEach((channel, rank) => {
      order[first + rank * BLOCK_CELLS] = channel;
    });
  }
  const head: PackedFactors = {
    channels,
    cells,
    mean: fill(arena.float32(blocks * channels * BLOCK_CELLS), size),
    linkedGroups,
    order,
    factor:
      kind === "float32"
        ? fill(arena.float32(end.factor), 1)
        : kind === "int16"
          ? whole(arena.int16(end.factor), 32767)
          : whole(arena.int8(end.factor), 127),
    scale: kind === "float32" ? null : fill(arena.float32(blocks * groups * 4 * BLOCK_CELLS), 1e-3),
  };
  return { head, embedding: fill(arena.float32(channels * cells), size) };
}

/** The same head with all zeros in their places: every block a triangle of all channels, in the order of its cells. */
function withZeros({ head, embedding }: ReturnType<typeof randomHead>): ReturnType<typeof randomHead> {
  const { channels, cells, linkedGroups, order, factor } = head;
  const groups = Math.ceil(channels / 4);
  const blocks = linkedGroups.length;
  const size = 8 * groups * (groups + 1) * BLOCK_CELLS;
  const [mean, scale] = [head.mean.slice(), head.scale?.slice() ?? null];
  const values = embedding.slice();
  const entries = new (factor.constructor as Float32ArrayConstructor)(blocks * size);
  for (let block = 0; block < blocks; block++) {
    const place = blockPlace(head, block);
    const rows = 4 * linkedGroups[block];
    const rest = place.factor + 8 * linkedGroups[block] * (linkedGroups[block] + 1) * BLOCK_CELLS;
    entries.set(factor.subarray(place.factor, rest), block * size);
    for (let rank = 0; rows < channels && rank < channels; rank++)
      for (let lane = 0; lane < BLOCK_CELLS; lane++) {
        const channel = order[place.order + rank * BLOCK_CELLS + lane];
        const at = (from: number, row: number) => (from + row) * BLOCK_CELLS + lane;
        mean[at(block * channels, rank)] = head.mean[at(block * channels, channel)];
        if (scale && head.scale)
          scale[at(block * 4 * groups, rank)] = head.scale[at(block * 4 * groups, channel)];
        const cell = block * BLOCK_CELLS + lane;
        if (cell < cells) values[rank * cells + cell] = embedding[channel * cells + cell];
        if (rank < rows) continue;
        const group = Math.floor(rank / 4);
        const before = block * size + 8 * group * (group + 1) * BLOCK_CELLS;
        const diagonal =
          factor instanceof Float32Array
            ? at(before / BLOCK_CELLS, 4 * rank + (rank % 4))
            : before + ((4 * Math.floor(rank / 2) + (rank % 4)) * BLOCK_CELLS + lane) * 2 + (rank % 2);
        entries[diagonal] = factor[rest + (rank - rows) * BLOCK_CELLS + lane];
      }
  }
  const whole = { linkedGroups: linkedGroups.slice().fill(groups), order: new Int16Array(0) };
  return { head: { ...head, ...whole, mean, factor: entries, scale }, embedding: values };
}

/** A head of so many blocks that are all like the one of another. */
function repeat(head: PackedFactors, blocks: number): PackedFactors {
  const times = <A extends Float32Array | Int16Array | Int8Array>(array: A): A => {
    const out = new (array.constructor as new (length: number) => A)(blocks * array.length);
    for (let block = 0; block < blocks; block++) out.set(array, block * array.length);
    return out;
  };
  const { mean, linkedGroups, order, factor, scale } = head;
  return {
    ...head,
    mean: times(mean),
    linkedGroups: times(linkedGroups),
    order: times(order),
    factor: times(factor),
    scale: scale && times(scale),
  };
}

/** Bytes of all arrays of a case, generously. */
function arenaBytes({ kind, channels, cells }: Case): number {
  const blocks = Math.ceil(cells / BLOCK_CELLS);
  const rows = channels + 4;
  return blocks * 8 * (BYTES[kind] * rows * (rows + 4) + 24 * rows) + 80 * rows + 8192;
}

/** The plain kernels' results, those of the compiled ones, and those of the plain ones with all zeros in their places. */
function allResults(one: Case, arena = createArena(arenaBytes(one))): Uint8Array[] {
  const random = randomHead(arena, one);
  const run = (kernels: HeadKernels, { head, embedding }: typeof random) => {
    // Room behind the result shows when too much is written.
    const out = arena.float32(one.cells + 16).fill(-7);
    kernels.squaredDistances(head, embedding, out.subarray(0, one.cells));
    expect(out.subarray(one.cells).every((value) => value === -7)).toBe(true);
    return new Uint8Array(out.buffer, out.byteOffset, 4 * one.cells).slice();
  };
  return [
    run(plainHeadKernels, random),
    run(compiledIn(arena), random),
    run(plainHeadKernels, withZeros(random)),
  ];
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
  linked: fc.constantFrom<Linked>("none", "all", "some"),
});

describe("the compiled head kernels", () => {
  it("give the same bytes as the plain ones, with zeros left out as with zeros", () => {
    fc.assert(
      fc.property(cases, (one) => {
        const [plain, compiled, zeros] = allResults(one);
        expect(compiled).toEqual(plain);
        expect(zeros).toEqual(plain);
      }),
      { numRuns: 300 },
    );
  });

  it("give every cell of a shared block what it would have with that block for each eight", () => {
    fc.assert(
      fc.property(cases, fc.nat(5), fc.nat(5), (one, a, b) => {
        const blocks = Math.ceil(one.cells / BLOCK_CELLS);
        const [from, to] = [Math.min(a, b, blocks), Math.min(Math.max(a, b), blocks)];
        const arena = createArena(2 * arenaBytes(one) + arenaBytes({ ...one, cells: BLOCK_CELLS }));
        const { head } = randomHead(arena, { ...one, cells: BLOCK_CELLS });
        const { embedding } = randomHead(arena, one);
        const shared: PackedFactors = { ...head, cells: one.cells, shared: true };
        const repeated: PackedFactors = { ...repeat(head, blocks), cells: one.cells };
        const [wanted, plain] = [repeated, shared].map((factors) => {
          const out = new Float32Array(one.cells).fill(-7);
          plainHeadKernels.squaredDistances(factors, embedding, out, from, to);
          return [...out];
        });
        const out = arena.float32(one.cells).fill(-7);
        compiledIn(arena).squaredDistances(shared, embedding, out, from, to);
        expect(plain).toEqual(wanted);
        expect([...out]).toEqual(wanted);
      }),
      { numRuns: 150 },
    );
  });

  describe.each([1, 2, 7, 152, 448])("with %i channels", (channels) => {
    it.each<[Kind, Linked]>(
      (["float32", "int16", "int8"] as const).flatMap((kind) =>
        (["none", "all", "some"] as const).map((linked): [Kind, Linked] => [kind, linked]),
      ),
    )("give the same bytes for %s, %s linked", (kind, linked) => {
      const [plain, compiled, zeros] = allResults({ kind, linked, channels, cells: 27, size: 1, seed: 5 });
      expect(compiled).toEqual(plain);
      expect(zeros).toEqual(plain);
    });
  });

  it("work on the blocks that are asked for and write nothing else", () => {
    fc.assert(
      fc.property(cases, fc.nat(5), fc.nat(5), (one, a, b) => {
        const blocks = Math.ceil(one.cells / BLOCK_CELLS);
        const [from, to] = [Math.min(a, b, blocks), Math.min(Math.max(a, b), blocks)];
        const arena = createArena(arenaBytes(one));
        const { head, embedding } = randomHead(arena, one);
        const all = new Float32Array(one.cells);
        plainHeadKernels.squaredDistances(head, embedding, all);
        for (const kernels of [plainHeadKernels, compiledIn(arena)]) {
          const out = arena.float32(one.cells).fill(-7);
          kernels.squaredDistances(head, embedding, out, from, to);
          const inside = (cell: number) => cell >= from * BLOCK_CELLS && cell < to * BLOCK_CELLS;
          expect([...out]).toEqual(Array.from(all, (value, cell) => (inside(cell) ? value : -7)));
        }
      }),
      { numRuns: 100 },
    );
  });

  it("work in shared memory, on a head in another part of it", () => {
    const memory = createKernelMemory(1 << 20, true);
    const one: Case = { kind: "int16", channels: 10, cells: 20, size: 1, seed: 3, linked: "some" };
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
      linkedGroups: arena.int16(1).fill(groups),
      order: arena.int16(0),
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
    const choices = (["float32", "int16", "int8"] as const).flatMap((kind) =>
      (["none", "all", "some"] as const).map((linked) => ({ kind, linked })),
    );
    for (const { kind, linked } of choices) {
      const { head, embedding } = randomHead(arena, {
        kind,
        channels: 5,
        cells: 9,
        size: 1,
        seed: 8,
        linked,
      });
      // A diagonal of 0 hides nothing either, but no training gives one.
      head.factor.forEach((value, at) => {
        if (value === 0) head.factor[at] = 1;
      });
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
    const one: Case = { kind: "int8", channels: 6, cells: 11, size: 1, seed: 4, linked: "some" };
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
      linked: "some",
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
