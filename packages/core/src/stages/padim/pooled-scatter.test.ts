import { describe, expect, it } from "vitest";
import { plainKernels } from "../../kernels/plain-kernels.js";
import { neighbourOf, poolOffsets } from "./cell-grid.js";
import { addEmbeddings, createMoments } from "./moments.js";
import { poolScatter } from "./pooled-scatter.js";
import { cellBase } from "./tiles.js";

it("cellBase finds row 0 of a cell in its tile", () => {
  expect(cellBase(3, 10)).toBe(3);
  expect(cellBase(65, 10)).toBe(641);
});

describe("poolScatter", () => {
  const [channels, width, height, count] = [3, 10, 9, 7];
  const all = Int32Array.from({ length: width * height }, (_, i) => i);
  const some = all.filter((place) => (place * 7) % 5 < 3);
  const drawn = (cells: number) =>
    Array.from({ length: count }, (_, i) =>
      Float32Array.from({ length: channels * cells }, (_, k) => 5 + Math.sin(i * 2.1 + k * (1 + (i % 3)))),
    );

  it.each([
    [1, undefined],
    [3, undefined],
    [1, some],
    [3, some],
    [3, all],
  ] as const)("is mean and scatter of the vectors of %d × %d cells, %o of them", (pool, places) => {
    const cells = places?.length ?? width * height;
    const grid = { width, ...(places && { places }) };
    const pictures = drawn(cells);
    const kernels = plainKernels();
    const moments = createMoments(channels, cells, kernels);
    addEmbeddings(moments, pictures);
    const { mean, scatter, vectors } = poolScatter(moments, grid, pool);
    for (let cell = 0; cell < cells; cell++) {
      const there = poolOffsets(pool)
        .map((offset) => neighbourOf(grid, cells)(cell, offset))
        .filter((neighbour) => neighbour >= 0);
      const samples = pictures.flatMap((picture) =>
        there.map((c) => [0, 1, 2].map((d) => picture[d * cells + c] as number)),
      );
      expect(vectors[cell]).toBe(samples.length);
      const middle = [0, 1, 2].map(
        (d) => samples.reduce((sum, x) => sum + (x[d] as number), 0) / samples.length,
      );
      middle.forEach((value, d) => {
        expect(mean[cellBase(cell, channels) + d * 64]).toBeCloseTo(value, 10);
      });
      for (let i = 0, row = 0; i < channels; i++)
        for (let j = 0; j <= i; j++, row++) {
          const of = (x: number[], d: number) => (x[d] as number) - (middle[d] as number);
          const expected = samples.reduce((sum, x) => sum + of(x, i) * of(x, j), 0);
          expect(scatter[cellBase(cell, 6) + row * 64]).toBeCloseTo(expected, 9);
        }
    }
    expect(vectors[cells]).toBe(2);
    expect([0, 1, 2, 3, 4, 5].map((row) => scatter[cellBase(cells, 6) + row * 64])).toEqual([
      1, 0, 1, 0, 0, 1,
    ]);
  });
});
