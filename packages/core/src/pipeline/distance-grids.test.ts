import { expect, it } from "vitest";
import { distanceGrids } from "./distance-grids.js";

it("tells where in its grid each detector's map lies, and which cells it has", () => {
  const pass = {
    size: { width: 64, height: 96 },
    content: { x: 0, y: 8, width: 64, height: 80 },
    detectors: [{ grid: { width: 4, height: 6 }, cells: [4, 20] }, { grid: { width: 8, height: 12 } }],
  };
  const { content: _, ...whole } = pass;
  expect(distanceGrids([pass, whole], [1, 2, 3, 4])).toEqual([
    { width: 4, height: 6, factor: 1, cells: [4, 20], window: { x: 0, y: 0.5, width: 4, height: 5 } },
    { width: 8, height: 12, factor: 2, window: { x: 0, y: 1, width: 8, height: 10 } },
    { width: 4, height: 6, factor: 3, cells: [4, 20] },
    { width: 8, height: 12, factor: 4 },
  ]);
});
