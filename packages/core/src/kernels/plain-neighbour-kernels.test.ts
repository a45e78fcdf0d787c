import { expect, it } from "vitest";
import { packPoints, squaredLengths } from "./memory-bank.js";
import { plainNeighbourKernels } from "./plain-neighbour-kernels.js";

it("finds the nearest rows, of equally near ones the first", () => {
  const plain = { rows: 4, channels: 1, data: Float32Array.of(3, 1, 3, 9), scale: null };
  const bank = { ...plain, norms: squaredLengths(plain) };
  const out = { index: new Int32Array(10), squared: new Float32Array(10) };
  plainNeighbourKernels.nearest(bank, Float32Array.of(2, 8), 2, 5, out);
  const column = (array: Int32Array | Float32Array, cell: number) =>
    [...array].filter((_, i) => i % 2 === cell);
  expect(column(out.index, 0)).toEqual([0, 1, 2, 3, -1]);
  expect(column(out.squared, 0)).toEqual([1, 1, 1, 49, Number.POSITIVE_INFINITY]);
  expect(column(out.index, 1)).toEqual([3, 0, 2, 1, -1]);
  expect(column(out.squared, 1)).toEqual([1, 25, 25, 49, Number.POSITIVE_INFINITY]);
});

it("shortens distances to a new centre and names the farthest point", () => {
  const points = packPoints(Float32Array.of(0, 4, 9, 4), 4, 1, new Float32Array(8));
  const distances = new Float32Array(8).fill(-1).fill(20, 0, 4);
  distances[3] = -1;
  expect(plainNeighbourKernels.shorten(points, Float32Array.of(8), distances)).toBe(0);
  expect([...distances]).toEqual([20, 16, 1, -1, -1, -1, -1, -1]);
  expect(plainNeighbourKernels.shorten(points, Float32Array.of(0), distances)).toBe(1);
});
