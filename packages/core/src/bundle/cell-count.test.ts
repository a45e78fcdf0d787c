import { expect, it } from "vitest";
import { cellCount } from "./cell-count.js";

it("is the grid's, or what takes part of it", () => {
  const grid = { width: 4, height: 3 };
  expect(cellCount({ grid })).toBe(12);
  expect(cellCount({ grid, cells: [1, 3, 7, 12] })).toBe(7);
});
