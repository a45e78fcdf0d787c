import { describe, expect, it } from "vitest";
import { floats, node } from "../../../../tests/support/small-onnx.js";
import { gaussianKernel, type WholeParts, wholePadim } from "../../../../tests/support/whole-padim.js";
import { indexGraph } from "../onnx/graph-index.js";
import { knownShapes } from "../onnx/known-shapes.js";
import { mapTail } from "./map-tail.js";

function tailOf(changed: WholeParts = {}, upsampling: readonly ("nearest" | "bilinear")[] = ["bilinear"]) {
  const index = indexGraph(wholePadim(changed).graph);
  return mapTail(
    { index, shapes: knownShapes(index, new Map([["input", [1, 3, 32, 32]]])), files: undefined },
    "output",
    { batch: 1, upsampling },
  );
}

describe("mapTail", () => {
  it("finds where the map comes from, its size and its blur", () => {
    expect(tailOf()).toEqual({
      distances: "distances",
      width: 32,
      height: 32,
      upsampling: "bilinear",
      sigma: 1,
    });
  });

  it("takes the ways of enlarging that it is told", () => {
    const nearest = { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" };
    const nodes = { enlarged: node("Resize", ["distances", "", "", "map sizes"], "enlarged", nearest) };
    expect(tailOf({ nodes }, ["nearest", "bilinear"])).toMatchObject({ upsampling: "nearest" });
    expect(() => tailOf({ nodes })).toThrowError(/bilinear/);
  });

  it.each([
    ["two kernels", { kernel: floats("kernel", [2, 1, 9, 9]) }, {}],
    ["a kernel that is not square", { kernel: floats("kernel", [1, 1, 9, 7]) }, {}],
    ["a kernel larger than its border", { kernel: floats("kernel", [1, 1, 17, 17], gaussianKernel(2)) }, {}],
    ["a bias", {}, { output: node("Conv", ["padded", "kernel", "zero"], "output") }],
    ["steps", {}, { output: node("Conv", ["padded", "kernel"], "output", { strides: [2, 2] }) }],
    [
      "a border of its own",
      {},
      { output: node("Conv", ["padded", "kernel"], "output", { pads: [1, 1, 1, 1] }) },
    ],
  ])("refuses a blur with %s", (_, initialisers, nodes) => {
    expect(() => tailOf({ initialisers, nodes })).toThrowError(
      expect.objectContaining({ code: "MODEL_ENGINE" }),
    );
  });
});
