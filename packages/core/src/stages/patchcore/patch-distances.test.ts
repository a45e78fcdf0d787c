import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALIGNMENT, type Arena, arenaOver, createArena } from "../../kernels/arena.js";
import { seededRandom } from "../../random.js";
import { bankBytes, makePatchBank, type PatchBank } from "./patch-bank.js";
import {
  patchDistanceBytes,
  patchDistances,
  searchPlaces,
  searchWork,
  searchWorkBytes,
} from "./patch-distances.js";
import { placeBank } from "./place-bank.js";

interface Shape {
  readonly rows: number;
  readonly channels: number;
  readonly cells: number;
  readonly pictures: number;
  readonly precision: "float32" | "int8";
  readonly seed: number;
}

const shapes: fc.Arbitrary<Shape> = fc.record({
  rows: fc.integer({ min: 1, max: 30 }),
  channels: fc.integer({ min: 1, max: 9 }),
  cells: fc.integer({ min: 1, max: 19 }),
  pictures: fc.integer({ min: 1, max: 5 }),
  precision: fc.constantFrom("float32", "int8"),
  seed: fc.nat(),
});

function drawn({ rows, channels, cells, pictures, precision, seed }: Shape) {
  const random = seededRandom(seed);
  const numbers = (length: number) => Float32Array.from({ length }, () => 3 * random.normal() + 1);
  const picture = Int32Array.from({ length: rows }, () => random.int(pictures));
  const bank = makePatchBank(numbers(rows * channels), channels, picture, picture, precision);
  return { bank, embedding: numbers(channels * cells) };
}

/** Distances of every patch to every row, by the definition; `[cells][rows]`. */
function allDistances({ rows, channels, data, scale }: PatchBank, embedding: Float32Array): number[][] {
  const cells = embedding.length / channels;
  return Array.from({ length: cells }, (_, cell) =>
    Array.from({ length: rows }, (_, row) => {
      let sum = 0;
      for (let d = 0; d < channels; d++) {
        const entry = (data[row * channels + d] as number) * (scale?.[row] ?? 1);
        sum += ((embedding[d * cells + cell] as number) - entry) ** 2;
      }
      return Math.sqrt(sum);
    }),
  );
}

/** Equally near rows may stand for each other: int8 patches are rounded to 16 bits for the search. */
const SLACK = { float32: 1e-4, int8: 5e-3 };

function scorerOf(bank: PatchBank, embedding: Float32Array, arena: Arena = createArena(1 << 17)) {
  const scorer = patchDistances(placeBank(bank, arena), embedding.length / bank.channels, arena);
  scorer.embedding.set(embedding);
  return scorer;
}

function expectNearest(
  shape: Shape,
  { picture }: PatchBank,
  found: { distances: Float32Array; nearest: Int32Array },
  all: number[][],
  without: number | null,
) {
  all.forEach((distances, cell) => {
    const allowed = distances.filter((_, row) => picture[row] !== without);
    const row = found.nearest[cell] as number;
    expect(picture[row]).not.toBe(without);
    expect(Math.abs((found.distances[cell] as number) - (distances[row] as number))).toBeLessThan(1e-4);
    expect((found.distances[cell] as number) - Math.min(...allowed)).toBeLessThan(SLACK[shape.precision]);
  });
}

describe("patchDistances", () => {
  it("gives the distance of every patch to its nearest row, and the row", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const { bank, embedding } = drawn(shape);
        const scorer = scorerOf(bank, embedding);
        const found = { distances: scorer.distances(), nearest: scorer.nearest() };
        expect(found.distances).toHaveLength(shape.cells);
        expectNearest(shape, bank, found, allDistances(bank, embedding), null);
      }),
    );
  });

  it("leaves a picture's own rows out, whichever stretch of the bank they are", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const { bank, embedding } = drawn(shape);
        const scorer = scorerOf(bank, embedding);
        const all = allDistances(bank, embedding);
        for (let picture = 0; picture <= shape.pictures; picture++) {
          if (bank.picture.every((own) => own === picture)) {
            expect(() => scorer.withoutPicture(picture)).toThrow(/at least two.*MODEL_STATISTICS/);
            continue;
          }
          const found = { distances: scorer.withoutPicture(picture), nearest: scorer.nearest() };
          expectNearest(shape, bank, found, all, picture);
        }
        expectNearest(shape, bank, { distances: scorer.distances(), nearest: scorer.nearest() }, all, null);
      }),
    );
  });

  it("gives the same bytes without compiled kernels", () => {
    fc.assert(
      fc.property(shapes, fc.nat({ max: 4 }), (shape, picture) => {
        const { bank, embedding } = drawn(shape);
        const results = [createArena(1 << 17), arenaOver(new ArrayBuffer(1 << 17), 0, 1 << 17)].map(
          (arena) => {
            const scorer = scorerOf(bank, embedding, arena);
            const plain = [scorer.distances().slice(), scorer.nearest().slice()];
            if (bank.picture.every((own) => own === picture)) return plain;
            return [...plain, scorer.withoutPicture(picture).slice(), scorer.nearest().slice()];
          },
        );
        expect(results[0]).toEqual(results[1]);
      }),
    );
  });

  it("is infinitely far from what is not a number", () => {
    for (const precision of ["float32", "int8"] as const) {
      const shape: Shape = { rows: 6, channels: 2, cells: 3, pictures: 3, precision, seed: 1 };
      const { bank, embedding } = drawn(shape);
      embedding[1] = Number.NaN;
      const scorer = scorerOf(bank, embedding);
      const [first, second, third] = scorer.distances();
      expect(second).toBe(Number.POSITIVE_INFINITY);
      expect(Number.isFinite(first) && Number.isFinite(third)).toBe(true);
      expect(scorer.nearest()[1]).toBe(-1);
      expect(scorer.withoutPicture(1)[1]).toBe(Number.POSITIVE_INFINITY);
      expect(scorer.nearest()[1]).toBe(-1);
    }
  });

  it("needs the arena that it says", () => {
    for (const precision of ["float32", "int8"] as const) {
      const shape: Shape = { rows: 50, channels: 7, cells: 21, pictures: 3, precision, seed: 5 };
      const { bank, embedding } = drawn(shape);
      const bytes = patchDistanceBytes(bank, 21) + bankBytes(bank);
      const scorer = scorerOf(
        bank,
        embedding,
        arenaOver(createArena(1 << 18).memory!, ALIGNMENT, ALIGNMENT + bytes),
      );
      for (const picture of [2, 1, 0]) scorer.withoutPicture(picture);
      expect(scorer.distances()).toHaveLength(21);
      const small = arenaOver(createArena(1 << 18).memory!, ALIGNMENT, ALIGNMENT + bytes / 2);
      expect(() => scorerOf(bank, embedding, small).distances()).toThrow(/MEMORY/);
    }
  });
});

describe("a shared search", () => {
  it("gives the same bytes whoever does which part, in whatever order", () => {
    for (const precision of ["float32", "int8"] as const) {
      for (const cells of [300, 64, 65, 1]) {
        const shape: Shape = { rows: 37, channels: 9, cells, pictures: 4, precision, seed: cells };
        const { bank: elsewhere, embedding } = drawn(shape);
        const { memory } = createArena(1 << 18);
        const bank = placeBank(elsewhere, arenaOver(memory!, 0, 1 << 13));
        const [start, end] = [1 << 13, (1 << 13) + patchDistanceBytes(bank, cells)];
        const scratch = arenaOver(memory!, end + ALIGNMENT, end + 2 * ALIGNMENT + searchWorkBytes(bank));
        // Another thread finds the same places in the same memory.
        const other = searchWork(searchPlaces(bank, cells, arenaOver(memory!, start, end)), scratch);
        const asked: number[] = [];
        const arena = arenaOver(memory!, start, end);
        const shared = patchDistances(
          bank,
          cells,
          arena,
          (parts, work) => {
            asked.push(parts);
            for (let part = parts - 1; part >= 0; part--) (part % 2 === 0 ? other : work)(part);
          },
          searchPlaces(bank, cells, arena),
        );
        const alone = scorerOf(elsewhere, embedding);
        for (const factor of [1, 0.5, 1]) {
          shared.embedding.set(embedding.map((value) => factor * value));
          alone.embedding.set(shared.embedding);
          expect(shared.distances()).toEqual(alone.distances());
          expect(shared.nearest()).toEqual(alone.nearest());
        }
        expect(asked).toEqual([1, 1, 1].map((one) => one * Math.ceil(cells / 64)));
        expect(scratch.free).toBeGreaterThanOrEqual(0);
      }
    }
  });
});
