import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arenaOver, createArena } from "../../kernels/arena.js";
import { type Bank, MOST_NEIGHBOURS, quantiseBank, squaredLengths } from "../../kernels/memory-bank.js";
import { fillRows, preparedRowBytes, roomForRows } from "../../kernels/wasm-neighbour-kernels.js";
import { seededRandom } from "../../random.js";
import {
  neighbourWeight,
  reweightedScore,
  reweightedScoreBytes,
  type SearchedPatches,
} from "./reweighted-score.js";

const bankOf = (rows: number, channels: number, data: Float32Array): Bank => {
  const bank = { rows, channels, data, scale: null };
  return { ...bank, norms: squaredLengths(bank) };
};

/** A random bank and patches, with what a search finds for them. */
function example(rows: number, channels: number, cells: number, seed: number) {
  const random = seededRandom(seed);
  const numbers = (count: number) => Float32Array.from({ length: count }, () => random.normal());
  const bank = bankOf(rows, channels, numbers(rows * channels));
  const embedding = numbers(channels * cells);
  return { bank, patches: searched(bank, embedding, cells) };
}

const row = ({ channels, data, scale }: Bank, at: number) =>
  Array.from({ length: channels }, (_, d) => data[at * channels + d]! * (scale?.[at] ?? 1));
const distance = (a: number[], b: number[]) => Math.hypot(...a.map((value, d) => value - b[d]!));
const patch = (embedding: Float32Array, cells: number, cell: number) =>
  Array.from({ length: embedding.length / cells }, (_, d) => embedding[d * cells + cell]!);

function searched(bank: Bank, embedding: Float32Array, cells: number): SearchedPatches {
  const found = Array.from({ length: cells }, (_, cell) => {
    const all = Array.from({ length: bank.rows }, (__, at) =>
      distance(patch(embedding, cells, cell), row(bank, at)),
    );
    return { least: Math.min(...all), at: all.indexOf(Math.min(...all)) };
  });
  const distances = Float32Array.from(found, ({ least }) => least);
  return { embedding, distances, nearest: Int32Array.from(found, ({ at }) => at) };
}

/** The paper's definition in float64. */
function defined(bank: Bank, { embedding, distances, nearest }: SearchedPatches, neighbours: number): number {
  const cell = distances.indexOf(Math.max(...distances));
  const own = row(bank, nearest[cell]!);
  const order = Array.from({ length: bank.rows }, (_, at) => at).sort(
    (a, b) => distance(own, row(bank, a)) - distance(own, row(bank, b)),
  );
  const exps = order
    .slice(0, neighbours)
    .map((at) => Math.exp(distance(patch(embedding, distances.length, cell), row(bank, at))));
  const share = exps[0]! / exps.reduce((sum, value) => sum + value, 0);
  return (1 - share) * distances[cell]!;
}

const scoreOf = (bank: Bank, patches: SearchedPatches, neighbours: number) =>
  reweightedScore(bank, neighbours, createArena(reweightedScoreBytes(bank)))(patches);

describe("reweightedScore", () => {
  const sizes = [
    fc.integer({ min: 2, max: 40 }),
    fc.integer({ min: 1, max: 24 }),
    fc.integer({ min: 1, max: 20 }),
    fc.integer({ min: 2, max: MOST_NEIGHBOURS }),
  ] as const;

  it("is the paper's definition, whatever the sizes, with float32 and int8 banks", () => {
    fc.assert(
      fc.property(...sizes, fc.boolean(), fc.nat(), (rows, channels, cells, neighbours, whole, seed) => {
        const { bank: floats, patches } = example(rows, channels, cells, seed);
        const bank = whole ? quantiseBank(rows, channels, floats.data as Float32Array) : floats;
        const own = whole ? searched(bank, patches.embedding, cells) : patches;
        const expected = defined(bank, own, neighbours);
        expect(Math.abs(scoreOf(bank, own, neighbours) - expected)).toBeLessThan(1e-5 * (1 + expected));
      }),
    );
  });

  it("is the same with plain and with compiled kernels, in `reweightedScoreBytes` of an arena", () => {
    const { bank, patches } = example(50, 20, 12, 3);
    const bytes = reweightedScoreBytes(bank);
    const plain = reweightedScore(bank, 9, arenaOver(new ArrayBuffer(bytes + 64), 0, bytes))(patches);
    const arena = createArena(bytes + 4 * (50 * 20 + 50) + 256 + preparedRowBytes(bank));
    const [data, norms] = [arena.float32(1000), arena.float32(50)];
    data.set(bank.data);
    norms.set(bank.norms);
    const here = { ...bank, data, norms, prepared: roomForRows(bank, arena) };
    fillRows(here, arena);
    expect(reweightedScore(here, 9, arena)(patches)).toBe(plain);
  });

  it("is the largest distance with one neighbour or a bank of one row, and never more", () => {
    const { bank, patches } = example(30, 8, 10, 5);
    const highest = Math.max(...patches.distances);
    expect(scoreOf(bank, patches, 1)).toBe(highest);
    expect(scoreOf(bank, patches, 9)).toBeLessThan(highest);
    const lone = bankOf(1, 8, bank.data.slice(0, 8) as Float32Array);
    const own = searched(lone, patches.embedding, 10);
    expect(scoreOf(lone, own, 9)).toBe(Math.max(...own.distances));
  });

  it("uses all rows of a bank with fewer than the neighbours", () => {
    const { bank, patches } = example(4, 8, 10, 6);
    expect(scoreOf(bank, patches, 9)).toBe(scoreOf(bank, patches, 4));
  });

  it("is the score of the bank that is left when rows are left out, to the last bit", () => {
    fc.assert(
      fc.property(...sizes, fc.nat(), fc.nat(), fc.nat(), (rows, channels, cells, neighbours, a, b, seed) => {
        const { bank, patches } = example(rows, channels, cells, seed);
        const [start, end] = [a % (rows + 1), b % (rows + 1)].sort((x, y) => x - y) as [number, number];
        fc.pre(end - start < rows);
        const data = [...bank.data].filter((_, at) => at < start * channels || at >= end * channels);
        const rest = bankOf(rows - (end - start), channels, Float32Array.from(data));
        const own = searched(rest, patches.embedding, cells);
        const nearest = own.nearest.map((row) => (row < start ? row : row + end - start));
        const score = reweightedScore(bank, neighbours, createArena(reweightedScoreBytes(bank)));
        expect(score({ ...own, nearest }, { start, end })).toBe(scoreOf(rest, own, neighbours));
        // Leaving out changes nothing for the next picture.
        expect(score(patches)).toBe(scoreOf(bank, patches, neighbours));
      }),
    );
  });

  it("takes the first of equally far patches, and says ∞ for one that is not finite", () => {
    const bank = bankOf(3, 1, Float32Array.of(0, 1, 10));
    const tied = {
      embedding: Float32Array.of(-2, 3),
      distances: Float32Array.of(2, 2),
      nearest: Int32Array.of(0, 1),
    };
    expect(scoreOf(bank, tied, 2)).toBeCloseTo(2 * (1 - Math.exp(2) / (Math.exp(2) + Math.exp(3))), 6);
    const broken = {
      embedding: Float32Array.of(Number.NaN, 3),
      distances: Float32Array.of(Number.POSITIVE_INFINITY, 2),
      nearest: Int32Array.of(-1, 1),
    };
    expect(scoreOf(bank, broken, 2)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("neighbourWeight", () => {
  it("gives NumPy's float32 numbers", () => {
    expect(neighbourWeight(Float32Array.of(1.5, 1.75, 2.5, 3.25))).toBeCloseTo(0.9070365, 7);
    expect(neighbourWeight(Float32Array.of(2))).toBe(0);
    expect(neighbourWeight(Float32Array.of(500, 500))).toBe(0.5);
  });
});
