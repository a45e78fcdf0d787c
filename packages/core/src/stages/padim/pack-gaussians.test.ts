import fc from "fast-check";
import { expect, it } from "vitest";
import { createArena } from "../../kernels/arena.js";
import { LANES } from "../../kernels/kernels.js";
import { seededRandom } from "../../random.js";
import { packGaussians } from "./pack-gaussians.js";
import { packedDistances } from "./packed-distances.js";
import { tileCount, triangleRows } from "./tiles.js";
import { unpackFactor } from "./unpack-factor.js";

/** Tiled Gaussians of random numbers, what stands behind the last cell included. */
function randomGaussians(channels: number, cells: number, seed: number) {
  const random = seededRandom(seed);
  const tiles = tileCount(cells);
  const normals = (length: number) => Float64Array.from({ length }, () => random.normal());
  const factor = normals(tiles * triangleRows(channels) * LANES);
  const rows = triangleRows(channels);
  for (let tile = 0; tile < tiles; tile++)
    for (let i = 0; i < channels; i++) {
      const at = (tile * rows + triangleRows(i) + i) * LANES;
      for (let lane = 0; lane < LANES; lane++) factor[at + lane] = 1 + random.next();
    }
  return { channels, cells, mean: normals(tiles * channels * LANES), factor };
}

it("keeps every cell's mean and factor", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 140 }), (channels, cells) => {
      const gaussians = randomGaussians(channels, cells, cells);
      const head = packGaussians(gaussians, "float32");
      for (let cell = 0; cell < cells; cell++) {
        const [tile, lane] = [Math.floor(cell / LANES), cell % LANES];
        for (let d = 0; d < channels; d++)
          expect(head.mean[(Math.floor(cell / 8) * channels + d) * 8 + (cell % 8)]).toBe(
            Math.fround(gaussians.mean[(tile * channels + d) * LANES + lane]),
          );
        const first = tile * triangleRows(channels);
        const expected = Array.from({ length: triangleRows(channels) }, (_, at) =>
          Math.fround(gaussians.factor[(first + at) * LANES + lane]),
        );
        expect([...unpackFactor(head, cell)]).toEqual(expected);
      }
    }),
    { numRuns: 40 },
  );
});

/** ‖W·(x − μ)‖ of one cell in float64. */
function exactDistance(
  { channels, cells, mean, factor }: ReturnType<typeof randomGaussians>,
  cell: number,
  embedding: Float32Array,
): number {
  const [tile, lane] = [Math.floor(cell / LANES), cell % LANES];
  let squares = 0;
  for (let i = 0; i < channels; i++) {
    let sum = 0;
    for (let j = 0; j <= i; j++) {
      const delta = embedding[j * cells + cell] - mean[(tile * channels + j) * LANES + lane];
      sum += factor[(tile * triangleRows(channels) + triangleRows(i) + j) * LANES + lane] * delta;
    }
    squares += sum * sum;
  }
  return Math.sqrt(squares);
}

it("gives the distances of float64 arithmetic to 1e-5 with float32", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 140 }),
      fc.integer({ min: 0, max: 1 << 30 }),
      (channels, cells, seed) => {
        const gaussians = randomGaussians(channels, cells, seed);
        const random = seededRandom(seed + 1);
        const embedding = Float32Array.from({ length: channels * cells }, () => 3 * random.normal());
        const scorer = packedDistances(packGaussians(gaussians, "float32"), createArena(1 << 18));
        scorer.embedding.set(embedding);
        scorer.distances().forEach((distance, cell) => {
          const exact = exactDistance(gaussians, cell, embedding);
          expect(Math.abs(distance / exact - 1)).toBeLessThanOrEqual(1e-5);
        });
      },
    ),
    { numRuns: 40 },
  );
});
