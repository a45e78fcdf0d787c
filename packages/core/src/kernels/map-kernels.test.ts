import { expect, it } from "vitest";
import { paddedRows } from "./map-kernels.js";

it("pads to a multiple of eight", () => {
  expect([1, 7, 8, 9, 256].map(paddedRows)).toEqual([8, 8, 8, 16, 256]);
});
