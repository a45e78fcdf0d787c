import { expect, it } from "vitest";
import { cholesky, invertLower } from "../linalg/cholesky.js";
import { LANES } from "./kernels.js";
import { plainKernels } from "./plain-kernels.js";

it("whitens like the plain factorisation, lane by lane", () => {
  const kernels = plainKernels();
  const a = Float64Array.of(4, 2, 5, 1, -1, 6);
  const matrices = kernels.float64(6 * LANES);
  a.forEach((value, row) => {
    for (let lane = 0; lane < LANES; lane++) matrices[row * LANES + lane] = value * (1 + lane);
  });
  const divisors = new Float64Array(LANES).fill(2);
  expect(kernels.whiten(matrices, 3, divisors, new Float64Array(LANES).fill(0.5))).toBe(-1);
  for (const lane of [0, 9, 63]) {
    const expected = invertLower(
      cholesky(
        a.map((value, at) => (value * (1 + lane)) / 2 + ([0, 2, 5].includes(at) ? 0.5 : 0)),
        3,
      ),
      3,
    );
    expected.forEach((value, row) => expect(matrices[row * LANES + lane]).toBeCloseTo(value, 12));
  }
});
