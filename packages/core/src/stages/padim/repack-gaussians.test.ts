import fc from "fast-check";
import { expect, it } from "vitest";
import { sparseHead } from "../../../../../tests/support/packed-heads.js";
import { seededRandom } from "../../random.js";
import { packGaussians } from "./pack-gaussians.js";
import { repackGaussians } from "./repack-gaussians.js";
import { tileCount, triangleRows } from "./tiles.js";

it("gives what packing at once gives, in every coarser precision", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 20 }), (channels, cells) => {
      const random = seededRandom(channels * 31 + cells);
      const tiled = (rows: number) =>
        Float64Array.from({ length: tileCount(cells) * rows * 64 }, () => Math.fround(1 + random.normal()));
      const gaussians = { channels, cells, mean: tiled(channels), factor: tiled(triangleRows(channels)) };
      const exact = packGaussians(gaussians, "float32");
      for (const precision of ["float32", "int16", "int8"] as const)
        expect(repackGaussians(exact, precision)).toEqual(packGaussians(gaussians, precision));
    }),
    { numRuns: 20 },
  );
});

it("leaves a Gaussian shared that all cells share", () => {
  const one = sparseHead(5, 8, "float32");
  const coarse = repackGaussians({ ...one, cells: 30, shared: true }, "int8");
  expect(coarse).toEqual({ ...repackGaussians(one, "int8"), cells: 30, shared: true });
});
