import { expect, it } from "vitest";
import { elementCount } from "./tensor.js";

it("elementCount is the product of the sides, 1 for a scalar", () => {
  expect([elementCount([1, 3, 4, 5]), elementCount([7, 0]), elementCount([])]).toEqual([60, 0, 1]);
});
