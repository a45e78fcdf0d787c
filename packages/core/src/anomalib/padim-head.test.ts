import { expect, it } from "vitest";
import { floats, ints } from "../../../../tests/support/small-onnx.js";
import { WHOLE_CHANNELS, type WholeParts, wholePadim } from "../../../../tests/support/whole-padim.js";
import { indexGraph } from "../onnx/graph-index.js";
import { knownShapes } from "../onnx/known-shapes.js";
import { padimHead } from "./padim-head.js";

function headOf(changed: WholeParts = {}) {
  const index = indexGraph(wholePadim(changed).graph);
  const shapes = knownShapes(index, new Map([["input", [1, 3, 32, 32]]]));
  return padimHead({ index, shapes, files: undefined }, "distances");
}

it("finds Gaussians, grid, drawn channels and the concatenation", () => {
  const { mean, inverseCovariance, ...found } = headOf();
  expect(found).toEqual({ embedding: "taps", width: 8, height: 8, channels: WHOLE_CHANNELS });
  expect([mean.dims, inverseCovariance.dims]).toEqual([
    [4, 64],
    [64, 4, 4],
  ]);
});

it("keeps the order of drawn channels, and takes 32-bit indices", () => {
  const idx = {
    ...ints("idx", [4], []),
    dataType: 6,
    payload: { kind: "raw", bytes: new Uint8Array(Int32Array.of(3, 11, 0, 5).buffer) },
  } as const;
  expect(headOf({ initialisers: { idx } }).channels).toEqual([3, 11, 0, 5]);
});

it("refuses a mean of another shape, and a grid that the Gaussians do not fill", () => {
  for (const initialisers of [
    { mean: floats("mean", [64, 4]) },
    { mean: floats("mean", [1]) },
    { square: ints("square", [4], [1, 1, 4, 16]) },
    { square: ints("square", [4], [1, 8, 8, 1]) },
  ])
    expect(() => headOf({ initialisers })).toThrowError(expect.objectContaining({ code: "MODEL_ENGINE" }));
});
