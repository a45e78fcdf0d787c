import { expect, it } from "vitest";
import { OPERATORS } from "./operators.js";

it("knows an operator by one name only, and what Anomalib's models hold", () => {
  for (const type of ["Convolution", "MatMul", "Interpolate", "TopK", "StridedSlice", "GatherND", "Clamp"])
    expect(OPERATORS.has(type)).toBe(true);
  expect(OPERATORS.has("LSTMSequence")).toBe(false);
});
