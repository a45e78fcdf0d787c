import { describe, expect, it } from "vitest";
import { type CellGrid, neighbourOf, poolOffsets } from "./cell-grid.js";

const near = (grid: CellGrid, cells: number, cell: number, pool: 1 | 3) =>
  poolOffsets(pool)
    .map((offset) => neighbourOf(grid, cells)(cell, offset))
    .filter((neighbour) => neighbour >= 0);

describe("neighbours", () => {
  it("are the cell alone without pooling", () => expect(near({ width: 4 }, 12, 5, 1)).toEqual([5]));

  it("are the 3 × 3 cells around it, fewer at the border", () => {
    expect(near({ width: 4 }, 12, 5, 3)).toEqual([0, 1, 2, 4, 5, 6, 8, 9, 10]);
    expect(near({ width: 4 }, 12, 0, 3)).toEqual([0, 1, 4, 5]);
    expect(near({ width: 4 }, 12, 11, 3)).toEqual([6, 7, 10, 11]);
  });

  it("are those of them that take part, by their own numbers", () => {
    const grid = { width: 4, places: Int32Array.of(0, 3, 4, 5, 10) };
    expect(near(grid, 5, 3, 3)).toEqual([0, 2, 3, 4]);
    expect(near(grid, 5, 1, 3)).toEqual([1]);
  });
});
