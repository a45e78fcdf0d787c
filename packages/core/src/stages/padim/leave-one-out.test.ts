import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainKernels } from "../../kernels/plain-kernels.js";
import { wasmKernels } from "../../kernels/wasm-kernels.js";
import type { Pool } from "./cell-grid.js";
import { fitGaussians, type GaussianOptions } from "./gaussian.js";
import { type LeaveOneOutScorer, leaveOneOutScorer } from "./leave-one-out.js";
import { distanceScorer, distances } from "./mahalanobis.js";
import { addEmbeddings, createMoments } from "./moments.js";

/** Seeded embeddings with correlated channels: `count` arrays `[channels, cells]`. */
function embeddings(count: number, channels: number, cells: number, seed: number): Float32Array[] {
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  return Array.from({ length: count }, () => {
    const shared = next() * 2;
    return Float32Array.from(
      { length: channels * cells },
      (_, i) => 3 + shared * ((i % 5) - 2) * 0.3 + next(),
    );
  });
}

function model(pictures: Float32Array[], channels: number, cells: number, options: GaussianOptions) {
  const kernels = plainKernels();
  const moments = createMoments(channels, cells, kernels);
  for (const picture of pictures) addEmbeddings(moments, [picture]);
  return { kernels, moments, gaussians: fitGaussians(moments, options) };
}

function distancesOf(scorer: LeaveOneOutScorer, pictures: Float32Array[]): Float32Array[] {
  return [...pictures.flatMap((picture) => scorer.take(picture)), ...scorer.rest()];
}

const shapes = fc.record({
  count: fc.integer({ min: 3, max: 12 }),
  channels: fc.integer({ min: 1, max: 6 }),
  width: fc.integer({ min: 1, max: 5 }),
  height: fc.integer({ min: 1, max: 4 }),
  pool: fc.constantFrom<Pool>(1, 3),
  seed: fc.integer({ min: 1, max: 1e9 }),
  /** Of every so many cells one takes no part; 0 = all do. */
  without: fc.constantFrom(0, 2, 3),
});

describe("leaveOneOutScorer", () => {
  it("equals fitting again without the picture", () => {
    fc.assert(
      fc.property(shapes, ({ count, channels, width, height, pool, seed, without }) => {
        const places = Int32Array.from({ length: width * height }, (_, i) => i).filter(
          (place) => without === 0 || place % without !== without - 1,
        );
        const cells = places.length;
        const pictures = embeddings(count, channels, cells, seed);
        const options = { ridge: { absolute: 0.05 }, width, pool, ...(without > 0 && { places }) };
        const full = model(pictures, channels, cells, options);
        const scorer = leaveOneOutScorer(full.moments, full.gaussians, options);
        const left = seed % count;
        const others = pictures.filter((_, i) => i !== left);
        const refit = model(others, channels, cells, options);
        const expected = distances(
          distanceScorer(refit.gaussians, refit.kernels),
          pictures[left] as Float32Array,
        );
        const closed = distancesOf(scorer, pictures)[left] as Float32Array;
        closed.forEach((value, cell) => {
          expect(Math.abs(value / (expected[cell] as number) - 1)).toBeLessThan(1e-6);
        });
      }),
      { numRuns: 150 },
    );
  });

  it("is larger than the distance to a model that has seen the picture", () => {
    const pictures = embeddings(8, 5, 12, 7);
    const options = { ridge: { relative: 0.4 }, width: 4, pool: 1 as const };
    const { kernels, moments, gaussians } = model(pictures, 5, 12, options);
    const inside = distances(distanceScorer(gaussians, kernels), pictures[3] as Float32Array);
    const scorer = leaveOneOutScorer(moments, gaussians, options);
    const outside = distancesOf(scorer, pictures)[3] as Float32Array;
    for (let cell = 0; cell < 12; cell++) expect(outside[cell]).toBeGreaterThan(inside[cell] as number);
  });

  it.each([1, 3] as const)("gives the same bytes with the compiled kernels, pooled over %d cells", (pool) => {
    const pictures = embeddings(21, 7, 130, 3);
    const options = { ridge: { absolute: 0.01 }, width: 13, pool };
    const results = [plainKernels(), wasmKernels(4e6)].map((kernels) => {
      const moments = createMoments(7, 130, kernels);
      addEmbeddings(moments, pictures);
      const gaussians = fitGaussians(moments, options);
      return distancesOf(leaveOneOutScorer(moments, gaussians, options), pictures);
    });
    expect(results[0]).toHaveLength(21);
    expect(results[1]).toEqual(results[0]);
  });

  it("needs three pictures", () => {
    const options = { ridge: { absolute: 0.01 }, width: 2, pool: 1 as const };
    const { moments, gaussians } = model(embeddings(2, 2, 4, 1), 2, 4, options);
    expect(() => leaveOneOutScorer(moments, gaussians, options)).toThrow(/at least 3 pictures/);
  });
});
