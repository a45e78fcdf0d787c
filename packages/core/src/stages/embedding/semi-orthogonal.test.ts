import { expect, it } from "vitest";
import { seededRandom } from "../../random.js";
import { semiOrthogonal } from "./semi-orthogonal.js";

it("has orthonormal rows, the same for the same seed", () => {
  const [rows, columns] = [20, 45];
  const matrix = semiOrthogonal(rows, columns, seededRandom(7));
  for (let i = 0; i < rows; i++)
    for (let j = 0; j <= i; j++) {
      let dot = 0;
      for (let k = 0; k < columns; k++)
        dot += (matrix[i * columns + k] as number) * (matrix[j * columns + k] as number);
      expect(dot).toBeCloseTo(i === j ? 1 : 0, 6);
    }
  expect(semiOrthogonal(rows, columns, seededRandom(7))).toEqual(matrix);
  expect(semiOrthogonal(rows, columns, seededRandom(8))).not.toEqual(matrix);
});
