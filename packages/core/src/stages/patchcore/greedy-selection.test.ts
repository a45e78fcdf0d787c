import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Arena, arenaOver, createArena } from "../../kernels/arena.js";
import { packPoints } from "../../kernels/memory-bank.js";
import { neighbourKernels } from "../../kernels/neighbour-kernels.js";
import { seededRandom } from "../../random.js";
import { greedySelection, readPoint } from "./greedy-selection.js";

const MOST = 40;

function pointsOf(count: number, channels: number, seed: number, coarse: boolean): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: count * channels }, () =>
    coarse ? Math.round(random.normal()) : random.normal() ** 3,
  );
}

/** Choices and their squared distances; from `first` on, or going on from `start` distances. */
function selected(
  points: Float32Array,
  channels: number,
  start: Float32Array,
  first: number | null,
  arena: Arena,
) {
  const count = points.length / channels;
  const padded = Math.ceil(count / 8) * 8;
  const distances = arena.float32(padded).fill(-1);
  distances.set(start);
  const greedy = greedySelection({
    kernels: neighbourKernels(arena),
    points: packPoints(points, count, channels, arena.float32(padded * channels)),
    distances,
    centres: arena.float32(MOST * channels),
  });
  const chosen: { point: number; squared: number }[] = [];
  if (first !== null) greedy.choose(first);
  while (chosen.length < MOST - 1) {
    const next = greedy.farthest();
    if (next.squared <= 0) break;
    chosen.push(next);
    greedy.choose(next.point);
  }
  return chosen;
}

/** The plain method in float32: every point is compared with every centre. */
function naive(points: Float32Array, channels: number, start: Float32Array, first: number | null) {
  const distances = start.slice();
  const { fround } = Math;
  const choose = (point: number) => {
    for (let i = 0; i < distances.length; i++) {
      let sum = 0;
      for (let d = 0; d < channels; d++) {
        const x = fround((points[i * channels + d] as number) - (points[point * channels + d] as number));
        sum = fround(sum + fround(x * x));
      }
      distances[i] = Math.min(distances[i] as number, sum);
    }
  };
  const chosen: { point: number; squared: number }[] = [];
  if (first !== null) choose(first);
  while (chosen.length < MOST - 1) {
    const squared = Math.max(...distances);
    if (squared <= 0) break;
    const point = distances.indexOf(squared);
    chosen.push({ point, squared });
    choose(point);
  }
  return chosen;
}

const cases = [
  fc.integer({ min: 1, max: 400 }),
  fc.integer({ min: 1, max: 6 }),
  fc.nat(),
  fc.boolean(),
] as const;

describe("greedySelection", () => {
  it("chooses what the plain method chooses, ties included", () => {
    fc.assert(
      fc.property(...cases, (count, channels, seed, coarse) => {
        const points = pointsOf(count, channels, seed, coarse);
        const start = new Float32Array(count).fill(Number.POSITIVE_INFINITY);
        const chosen = selected(points, channels, start, seed % count, createArena(1 << 18));
        expect(chosen).toEqual(naive(points, channels, start, seed % count));
        expect(new Set(chosen.map(({ point }) => point)).size).toBe(chosen.length);
        const plain = arenaOver(new ArrayBuffer(1 << 18), 0, 1 << 18);
        expect(selected(points, channels, start, seed % count, plain)).toEqual(chosen);
      }),
    );
  });

  it("goes on from the distances it is given", () => {
    fc.assert(
      fc.property(...cases, (count, channels, seed, coarse) => {
        const points = pointsOf(count, channels, seed, coarse);
        const random = seededRandom(seed, 1);
        const start = Float32Array.from({ length: count }, () =>
          Math.max(0, Math.round(3 * random.normal())),
        );
        expect(selected(points, channels, start, null, createArena(1 << 18))).toEqual(
          naive(points, channels, start, null),
        );
      }),
    );
  });

  it("ends where all points are the same", () => {
    const start = new Float32Array(100).fill(Number.POSITIVE_INFINITY);
    expect(selected(new Float32Array(200).fill(3), 2, start, 70, createArena(1 << 16))).toEqual([]);
  });
});

describe("readPoint", () => {
  it("reads what was packed", () => {
    const points = pointsOf(21, 5, 3, false);
    const packed = packPoints(points, 21, 5, new Float32Array(24 * 5));
    const out = new Float32Array(5);
    for (let i = 0; i < 21; i++) {
      readPoint(packed, i, out);
      expect(out).toEqual(points.slice(5 * i, 5 * i + 5));
    }
  });
});
