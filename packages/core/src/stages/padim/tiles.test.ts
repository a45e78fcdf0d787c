import { expect, it } from "vitest";
import { LANES } from "../../kernels/kernels.js";
import { centredTile, tileCount, tileOf, triangleRows } from "./tiles.js";

it("tiles hold all cells, the last one padded with zeros", () => {
  expect([tileCount(1), tileCount(64), tileCount(65)]).toEqual([1, 1, 2]);
  expect(triangleRows(100)).toBe(5050);
  const embedding = Float32Array.from({ length: 2 * 65 }, (_, i) => i);
  const out = new Float64Array(2 * LANES).fill(9);
  centredTile(embedding, 65, 1, new Float64Array(2 * LANES).fill(1), out);
  expect([out[0], out[1], out[LANES], out[LANES + 1]]).toEqual([63, 0, 128, 0]);
});

it("tileOf is a view of one tile", () => {
  const tiled = new Float64Array(3 * 2 * LANES);
  tileOf(tiled, 1, 2).fill(5);
  expect([tiled[2 * LANES - 1], tiled[2 * LANES], tiled[4 * LANES]]).toEqual([0, 5, 0]);
});
