import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Arena, arenaOver, createArena } from "../../kernels/arena.js";
import { seededRandom } from "../../random.js";
import { drawSample } from "./draw-sample.js";
import type { PatchBank } from "./patch-bank.js";
import { bankSelection, selectionBytes } from "./select-bank.js";
import type { SelectionOptions } from "./selection-plan.js";

const OPTIONS: SelectionOptions = {
  channels: 4,
  cells: 9,
  pictures: 8,
  size: 10,
  pool: 20,
  far: 30,
  seed: 3,
};

function picturesOf({ channels, cells, pictures, seed }: SelectionOptions, coarse = false): Float32Array[] {
  const random = seededRandom(seed, 77);
  return Array.from({ length: pictures }, () =>
    Float32Array.from({ length: channels * cells }, () =>
      coarse ? Math.round(random.normal()) : random.normal() ** 3,
    ),
  );
}

function selected(
  options: SelectionOptions,
  pictures: readonly Float32Array[],
  arena: Arena = createArena(selectionBytes(options)),
  order: readonly number[] = [...pictures.keys()],
): PatchBank {
  const selection = bankSelection(options, arena);
  for (const picture of order) selection.addSample(pictures[picture]!, picture);
  for (const _ of selection.selectFirst());
  if (selection.needsDistances) {
    for (const picture of order) selection.addDistances(pictures[picture]!, picture);
    for (const _ of selection.selectRest());
  }
  return selection.bank("float32");
}

/** Numbers (picture · cells + cell) of the bank by the definition, ascending; distances in float64. */
function naive(options: SelectionOptions, pictures: readonly Float32Array[]): number[] {
  const { channels, cells, size, pool, far, seed } = options;
  const total = cells * pictures.length;
  const patch = (number: number) =>
    Array.from(
      { length: channels },
      (_, d) => pictures[Math.floor(number / cells)]![d * cells + (number % cells)]!,
    );
  const between = (a: number, b: number) => {
    const [p, q] = [patch(a), patch(b)];
    return p.reduce((sum, value, d) => sum + (value - (q[d] as number)) ** 2, 0);
  };
  const nearest = (number: number, chosen: readonly number[]) =>
    Math.min(...chosen.map((one) => between(number, one)));
  const goOn = (chosen: number[], candidates: readonly number[], until: number) => {
    while (chosen.length < until) {
      const distances = candidates.map((one) => nearest(one, chosen));
      const most = Math.max(...distances);
      if (most === 0) return;
      chosen.push(candidates[distances.indexOf(most)]!);
    }
  };
  const sample = [...drawSample(total, pool, seededRandom(seed))];
  const chosen = [sample[seededRandom(seed, 2).int(sample.length)]!];
  goOn(chosen, sample, pool >= total ? size : Math.ceil(Math.min(size, total) / 2));
  const all = Array.from({ length: total }, (_, number) => ({ number, distance: nearest(number, chosen) }));
  all.sort((a, b) => b.distance - a.distance || a.number - b.number);
  if (pool < total)
    goOn(
      chosen,
      all.slice(0, far).map(({ number }) => number),
      Math.min(size, total),
    );
  return chosen.sort((a, b) => a - b);
}

const numbersOf = ({ picture, cell }: PatchBank, cells: number) =>
  [...picture].map((one, row) => one * cells + (cell[row] as number));

const shapes: fc.Arbitrary<{ options: SelectionOptions; coarse: boolean }> = fc
  .record({
    channels: fc.integer({ min: 1, max: 5 }),
    cells: fc.integer({ min: 1, max: 12 }),
    pictures: fc.integer({ min: 1, max: 9 }),
    size: fc.integer({ min: 1, max: 30 }),
    morePool: fc.nat({ max: 60 }),
    moreFar: fc.nat({ max: 60 }),
    seed: fc.nat(),
    coarse: fc.boolean(),
  })
  .map(({ morePool, moreFar, coarse, ...rest }) => ({
    options: { ...rest, pool: rest.size + morePool, far: rest.size + moreFar },
    coarse,
  }));

describe("a selection", () => {
  it("is what its definition says: greedy over the sample, then over the farthest of all", () => {
    fc.assert(
      fc.property(shapes, ({ options, coarse }) => {
        const pictures = picturesOf(options, coarse);
        const bank = selected(options, pictures);
        expect(numbersOf(bank, options.cells)).toEqual(naive(options, pictures));
        bank.picture.forEach((picture, row) => {
          for (let d = 0; d < options.channels; d++)
            expect(bank.data[row * options.channels + d]).toBe(
              pictures[picture]![d * options.cells + (bank.cell[row] as number)],
            );
        });
      }),
      { numRuns: 200 },
    );
  });

  it("gives the same bytes for any order of pictures, and without compiled kernels", () => {
    fc.assert(
      fc.property(shapes, fc.constantFrom(3, 140), ({ options, coarse }, channels) => {
        const wide = { ...options, channels };
        const pictures = picturesOf(wide, coarse);
        const bank = selected(wide, pictures);
        const order = seededRandom(wide.seed, 5).shuffle([...pictures.keys()]);
        const arena = createArena(selectionBytes(wide));
        expect(selected(wide, pictures, arena, order)).toEqual(bank);
        const plain = arenaOver(new ArrayBuffer(1 << 20), 0, 1 << 20);
        expect(selected(wide, pictures, plain)).toEqual(bank);
      }),
      { numRuns: 60 },
    );
  });

  it("brings the unusual patches of all pictures into the bank, beyond the sample", () => {
    const options = { ...OPTIONS, channels: 150, pictures: 40 };
    const pictures = picturesOf(options);
    const strange = [3, 17, 38];
    for (const picture of strange)
      for (let d = 0; d < 150; d++) pictures[picture]![d * 9 + 4] = 30 + picture * (d % 7);
    const bank = selected(options, pictures);
    expect(bank.rows).toBe(10);
    for (const picture of strange) expect(numbersOf(bank, 9)).toContain(picture * 9 + 4);
  });

  it("stores int8 on request, with the same patches", () => {
    const options = { ...OPTIONS, pool: 100 };
    const selection = bankSelection(options, createArena(selectionBytes(options)));
    expect(selection.needsDistances).toBe(false);
    picturesOf(options).forEach((data, picture) => {
      selection.addSample(data, picture);
    });
    for (const _ of selection.selectFirst());
    const [exact, small] = [selection.bank("float32"), selection.bank("int8")];
    expect([small.picture, small.cell]).toEqual([exact.picture, exact.cell]);
    expect(small.data).toBeInstanceOf(Int8Array);
  });

  it("tells its progress row by row, and can be left at any of them", () => {
    const selection = bankSelection(OPTIONS, createArena(selectionBytes(OPTIONS)));
    const pictures = picturesOf(OPTIONS);
    pictures.forEach((data, picture) => {
      selection.addSample(data, picture);
    });
    expect([...selection.selectFirst()].map(({ done, total }) => [done, total])).toEqual(
      [1, 2, 3, 4, 5].map((done) => [done, 10]),
    );
    pictures.forEach((data, picture) => {
      selection.addDistances(data, picture);
    });
    const rest = selection.selectRest();
    expect(rest.next().value).toEqual({ done: 6, total: 10 });
    rest.return();
    expect(selection.bank("float32").rows).toBe(6);
  });

  it("works in the memory that it says, whatever was there before", () => {
    for (const options of [OPTIONS, { ...OPTIONS, pool: 72 }, { ...OPTIONS, channels: 131, size: 19 }]) {
      const memory = createArena(1 << 20).memory!;
      new Float32Array(memory.buffer).fill(Number.NaN);
      const pictures = picturesOf(options);
      const arena = arenaOver(memory, 64, 64 + selectionBytes(options));
      expect(selected(options, pictures, arena)).toEqual(selected(options, pictures));
      const small = arenaOver(memory, 64, 64 + selectionBytes(options) / 2);
      expect(() => selected(options, pictures, small)).toThrow(/MEMORY/);
    }
  });
});

describe("what a selection does with unusual input", () => {
  it("takes every different patch, once, when the bank is larger than they are many", () => {
    for (const pool of [1000, 72]) {
      const options = { ...OPTIONS, size: 1000, pool, far: 1000 };
      const pictures = picturesOf(options);
      expect(selected(options, pictures).rows).toBe(72);
      expect(
        selected(
          options,
          pictures.map(() => pictures[2]!),
        ).rows,
      ).toBe(9);
    }
  });

  it("keeps one patch of pictures that are all one colour", () => {
    for (const pool of [20, 100]) {
      const bank = selected(
        { ...OPTIONS, pool },
        Array.from({ length: 8 }, () => new Float32Array(36).fill(2.5)),
      );
      expect([bank.rows, [...bank.data]]).toEqual([1, [2.5, 2.5, 2.5, 2.5]]);
    }
  });

  it("takes no patch twice in two stages, either", () => {
    const pictures = picturesOf(OPTIONS).map((_, i, all) => all[i % 2]!);
    expect(selected({ ...OPTIONS, size: 20, far: 72 }, pictures).rows).toBe(18);
  });

  it("selects from one picture", () => {
    const options = { ...OPTIONS, pictures: 1 };
    const bank = selected({ ...options, size: 4 }, picturesOf(options));
    expect([bank.rows, [...bank.picture]]).toEqual([4, [0, 0, 0, 0]]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    "refuses %f in either pass, and names the picture",
    (value) => {
      const pictures = picturesOf(OPTIONS);
      const broken = pictures[5]!.slice();
      broken[11] = value;
      const selection = bankSelection(OPTIONS, createArena(selectionBytes(OPTIONS)));
      expect(() => selection.addSample(broken, 5)).toThrow(/picture 5 .*finite.*MODEL_STATISTICS/);
      pictures.forEach((data, picture) => {
        selection.addSample(data, picture);
      });
      for (const _ of selection.selectFirst());
      expect(() => selection.addDistances(broken, 5)).toThrow(/picture 5 .*finite.*MODEL_STATISTICS/);
    },
  );

  it("refuses to go on when pictures are missing or come twice", () => {
    const pictures = picturesOf(OPTIONS);
    const selection = bankSelection(OPTIONS, createArena(selectionBytes(OPTIONS)));
    expect(() => selection.addDistances(pictures[0]!, 0)).toThrow(/8 pictures.*found 0.*MODEL_STATISTICS/);
    for (let picture = 0; picture < 7; picture++) selection.addSample(pictures[picture]!, picture);
    expect(() => selection.addSample(pictures[2]!, 2)).toThrow(/picture 2 twice/);
    expect(() => selection.selectFirst().next()).toThrow(/found 7.*MODEL_STATISTICS/);
    selection.addSample(pictures[7]!, 7);
    for (const _ of selection.selectFirst());
    selection.addDistances(pictures[1]!, 1);
    expect(() => selection.selectRest().next()).toThrow(/found 1/);
    expect(() => selection.addDistances(pictures[1]!, 1)).toThrow(/picture 1 twice/);
  });
});
