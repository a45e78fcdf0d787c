import { describe, expect, it } from "vitest";
import { cellBase, neighbours } from "./pooled-scatter.js";

describe("neighbours", () => {
  it("are the cell alone without pooling", () => expect(neighbours(5, 12, 4, 1)).toEqual([5]));
  it("are the 3 × 3 cells around it, fewer at the border", () => {
    expect(neighbours(5, 12, 4, 3)).toEqual([0, 1, 2, 4, 5, 6, 8, 9, 10]);
    expect(neighbours(0, 12, 4, 3)).toEqual([0, 1, 4, 5]);
    expect(neighbours(11, 12, 4, 3)).toEqual([6, 7, 10, 11]);
  });
});

it("cellBase finds row 0 of a cell in its tile", () => {
  expect(cellBase(3, 10)).toBe(3);
  expect(cellBase(65, 10)).toBe(641);
});
