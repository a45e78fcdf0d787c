import { expect, it } from "vitest";
import { LANES } from "../../kernels/kernels.js";
import { sharedDistances } from "./leave-one-out-shared.js";

// That it equals fitting again without the picture is a property of `leave-one-out.test.ts`.
it("measures a picture in the deviation of the others", () => {
  // Vectors 0, 2 | 4, 6 of two pictures with two cells: mean 3, scatter 20.
  const pooled = {
    mean: new Float64Array(LANES).fill(3),
    scatter: new Float64Array(LANES).fill(20),
    vectors: new Float64Array(LANES).fill(4),
  };
  const distancesOf = sharedDistances({ channels: 1, cells: 2 }, pooled, 0);
  const distances = distancesOf(Float32Array.of(4, 6));
  // The others: mean 1, variance 2.
  expect(Array.from(distances, (value) => value * Math.SQRT2)).toEqual([
    expect.closeTo(3, 5),
    expect.closeTo(5, 5),
  ]);
});
