import { describe, expect, it } from "vitest";
import {
  correlatedCell,
  embeddingOf,
  emptyHead,
  exactDistance,
  packCells,
} from "../../../../../tests/support/packed-heads.js";
import { ALIGNMENT, arenaOver, createArena } from "../../kernels/arena.js";
import {
  distancePlaces,
  distanceWork,
  distanceWorkBytes,
  packedDistanceBytes,
  packedDistances,
} from "./packed-distances.js";
import type { FactorPrecision } from "./packed-gaussians.js";
import { placeGaussians } from "./place-gaussians.js";

const VECTORS = 8;

/** Relative errors of all distances of some cells. */
function errors(channels: number, cells: number, precision: FactorPrecision, spread: number): number[] {
  const samples = Array.from({ length: cells }, (_, cell) =>
    correlatedCell(channels, VECTORS, cell + 1, spread),
  );
  const arena = createArena(1 << 24);
  const scorer = packedDistances(placeGaussians(packCells(samples, precision), arena), arena);
  const found: number[] = [];
  for (let v = 0; v < VECTORS; v++) {
    scorer.embedding.set(embeddingOf(samples, v));
    scorer.distances().forEach((distance, cell) => {
      found.push(Math.abs(distance / exactDistance(samples[cell], samples[cell].vectors[v]) - 1));
    });
  }
  return found;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("distances of correlated features", () => {
  // The last column: how far apart the sizes of channels are (e^spread); conditions are about 100 to 2500.
  it.each<[FactorPrecision, number, number, number]>([
    ["float32", 3e-7, 5e-6, 0.5],
    ["int16", 1.5e-5, 1e-4, 0],
    ["int16", 1.5e-5, 1e-4, 1],
    ["int8", 3e-3, 2e-2, 0.5],
    ["int8", 3e-3, 2e-2, 1],
  ])("are right with %s: mean error ≤ %f, largest ≤ %f (spread %f)", (precision, typical, worst, spread) => {
    const found = errors(100, 20, precision, spread);
    expect(found).toHaveLength(20 * VECTORS);
    expect(mean(found)).toBeLessThanOrEqual(typical);
    expect(Math.max(...found)).toBeLessThanOrEqual(worst);
  });

  it.each([
    [1, 1],
    [1, 9],
    [2, 7],
    [5, 8],
    [30, 9],
    [152, 3],
    [448, 2],
  ])("are right with %i channels and %i cells", (channels, cells) => {
    expect(Math.max(...errors(channels, cells, "float32", 0.5))).toBeLessThanOrEqual(1e-5);
    expect(Math.max(...errors(channels, cells, "int16", 0.5))).toBeLessThanOrEqual(2e-4);
  });
});

it("are 0 at the mean, and for the second picture what they are for the first", () => {
  const samples = [correlatedCell(10, 2, 1), correlatedCell(10, 2, 2)];
  const scorer = packedDistances(packCells(samples, "int16"), createArena(1 << 16));
  const [first, second] = [embeddingOf(samples, 0), embeddingOf(samples, 1)];
  scorer.embedding.set(first);
  const before = [...scorer.distances()];
  scorer.embedding.set(second);
  scorer.distances();
  scorer.embedding.set(first);
  expect([...scorer.distances()]).toEqual(before);
  scorer.embedding.set(
    embeddingOf(
      samples.map((one) => ({ ...one, vectors: [one.mean] })),
      0,
    ),
  );
  expect([...scorer.distances()]).toEqual([0, 0]);
});

it("needs the arena that it says", () => {
  for (const [channels, cells] of [
    [1, 1],
    [7, 9],
    [100, 64],
  ]) {
    const bytes = packedDistanceBytes(channels, cells);
    const head = placeGaussians(emptyHead(channels, cells, "int16"), createArena(1 << 22));
    const arena = arenaOver(createArena(1 << 22).memory!, ALIGNMENT, ALIGNMENT + bytes);
    expect(packedDistances(head, arena).distances()).toHaveLength(cells);
    expect(arena.free).toBeGreaterThanOrEqual(0);
    if (cells > 9)
      expect(() => packedDistances(head, arenaOver(new ArrayBuffer(1 << 22), 0, bytes / 2))).toThrow(
        /MEMORY/,
      );
  }
});

describe("shared distances", () => {
  it("are the same bytes whoever does which part, in whatever order", () => {
    for (const [channels, cells, precision] of [
      [9, 700, "int16"],
      [6, 301, "float32"],
      [5, 128, "int8"],
      [3, 1, "int16"],
    ] as const) {
      const samples = Array.from({ length: cells }, (_, cell) => correlatedCell(channels, 2, cell + 1));
      const { memory } = createArena(1 << 23);
      const [start, end] = [1 << 22, (1 << 22) + packedDistanceBytes(channels, cells)];
      const packed = placeGaussians(packCells(samples, precision), arenaOver(memory!, 0, start));
      const scratch = arenaOver(memory!, end + ALIGNMENT, end + 2 * ALIGNMENT + distanceWorkBytes(channels));
      const other = distanceWork(packed, distancePlaces(packed, arenaOver(memory!, start, end)), scratch);
      const asked: number[] = [];
      const shared = packedDistances(packed, arenaOver(memory!, start, end), (parts, work) => {
        asked.push(parts);
        for (let part = parts - 1; part >= 0; part--) (part % 2 === 0 ? other : work)(part);
      });
      const alone = packedDistances(packed, createArena(1 << 22));
      for (let v = 0; v < 2; v++) {
        shared.embedding.set(embeddingOf(samples, v));
        alone.embedding.set(embeddingOf(samples, v));
        expect(shared.distances()).toEqual(alone.distances());
      }
      const parts = Math.ceil(cells / 128);
      expect(asked).toEqual([parts, parts]);
      expect(scratch.free).toBeGreaterThanOrEqual(0);
    }
  });
});
