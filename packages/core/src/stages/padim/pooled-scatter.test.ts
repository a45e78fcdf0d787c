import { describe, expect, it } from "vitest";
import { plainKernels } from "../../kernels/plain-kernels.js";
import { addEmbeddings, createMoments } from "./moments.js";
import { cellBase, hasNeighbour, poolOffsets, poolScatter } from "./pooled-scatter.js";

const near = (cell: number, pool: 1 | 3) =>
  poolOffsets(pool)
    .filter((offset) => hasNeighbour(cell, 12, 4, offset))
    .map(({ right, down }) => cell + 4 * down + right);

describe("neighbours", () => {
  it("are the cell alone without pooling", () => expect(near(5, 1)).toEqual([5]));
  it("are the 3 × 3 cells around it, fewer at the border", () => {
    expect(near(5, 3)).toEqual([0, 1, 2, 4, 5, 6, 8, 9, 10]);
    expect(near(0, 3)).toEqual([0, 1, 4, 5]);
    expect(near(11, 3)).toEqual([6, 7, 10, 11]);
  });
});

it("cellBase finds row 0 of a cell in its tile", () => {
  expect(cellBase(3, 10)).toBe(3);
  expect(cellBase(65, 10)).toBe(641);
});

describe("poolScatter", () => {
  const [channels, width, height, count] = [3, 10, 9, 7];
  const cells = width * height;
  const pictures = Array.from({ length: count }, (_, i) =>
    Float32Array.from({ length: channels * cells }, (_, k) => 5 + Math.sin(i * 2.1 + k * (1 + (i % 3)))),
  );

  it.each([1, 3] as const)("is mean and scatter of the vectors of %d × %d cells", (pool) => {
    const kernels = plainKernels();
    const moments = createMoments(channels, cells, kernels);
    addEmbeddings(moments, pictures);
    const { mean, scatter, vectors } = poolScatter(moments, width, pool);
    for (let cell = 0; cell < cells; cell++) {
      const there = poolOffsets(pool)
        .filter((offset) => hasNeighbour(cell, cells, width, offset))
        .map(({ right, down }) => cell + down * width + right);
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
