import { expect, it } from "vitest";
import { LANES } from "../../kernels/kernels.js";
import { plainKernels } from "../../kernels/plain-kernels.js";
import { distanceScorer, distances } from "./mahalanobis.js";

it("is ‖W·(x − μ)‖ in every cell", () => {
  const kernels = plainKernels();
  const model = {
    channels: 2,
    cells: 66,
    width: 66,
    pool: 1 as const,
    count: 9,
    ridge: 0,
    mean: kernels.float64(2 * 2 * LANES).fill(1),
    factor: kernels.float64(2 * 3 * LANES),
  };
  for (let tile = 0; tile < 2; tile++)
    [2, 1, 3].forEach((value, row) => {
      model.factor.fill(value, (tile * 3 + row) * LANES, (tile * 3 + row + 1) * LANES);
    });
  const embedding = Float32Array.from({ length: 2 * 66 }, (_, i) => (i < 66 ? i : 2));
  const map = distances(distanceScorer(model, kernels), embedding);
  expect(map).toHaveLength(66);
  map.forEach((value, cell) => expect(value).toBeCloseTo(Math.hypot(2 * (cell - 1), cell - 1 + 3), 4));
});
