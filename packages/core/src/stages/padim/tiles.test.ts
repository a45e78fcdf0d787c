import { expect, it } from "vitest";
import { LANES } from "../../kernels/kernels.js";
import { plainKernels } from "../../kernels/plain-kernels.js";
import { createStaging, pictureBlock, stagePicture, tileCount, tileOf, triangleRows } from "./tiles.js";

it("tiles hold all cells, the last one padded with zeros", () => {
  expect([tileCount(1), tileCount(64), tileCount(65)]).toEqual([1, 1, 2]);
  expect(triangleRows(100)).toBe(5050);
  const staged = createStaging(2, 65, 3, plainKernels());
  expect([staged.stride, staged.block.length]).toEqual([128, 3 * (2 * 128 + 16)]);
  const embedding = Float32Array.from({ length: 2 * 65 }, (_, i) => i + 1);
  const place = stagePicture(staged, 1, embedding);
  expect([place[64], place[65], place[128], place[128 + 64], place[255]]).toEqual([65, 0, 66, 130, 0]);
  expect(place.byteOffset).toBe((2 * 128 + 16) * 4);
  expect(pictureBlock(staged, 2)).toMatchObject({ stride: 128, channels: 2, pictures: 2 });
});

it("tileOf is a view of one tile", () => {
  const tiled = new Float64Array(3 * 2 * LANES);
  tileOf(tiled, 1, 2).fill(5);
  expect([tiled[2 * LANES - 1], tiled[2 * LANES], tiled[4 * LANES]]).toEqual([0, 5, 0]);
});
