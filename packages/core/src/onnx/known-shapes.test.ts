import { describe, expect, it } from "vitest";
import { floats, ints, node, smallModel } from "../../../../tests/support/small-onnx.js";
import { indexGraph } from "./graph-index.js";
import { isStandard, knownShapes, reducedAxes } from "./known-shapes.js";
import type { OnnxNode, OnnxTensor } from "./onnx-model.js";

/** Shape of the last node's result, for an input x. */
function shapeOf(nodes: OnnxNode[], input: number[], initialisers: OnnxTensor[] = []) {
  const index = indexGraph(smallModel({ nodes, initialisers }).graph);
  return knownShapes(index, new Map([["x", input]]))(nodes.at(-1)?.outputs[0] ?? "")?.dims;
}

describe("knownShapes", () => {
  const picture = [1, 3, 20, 31];
  const weights = [floats("w", [8, 3, 3, 3], Array(216).fill(0))];

  it.each([
    [{ strides: [2, 2], pads: [1, 1, 1, 1] }, [1, 8, 10, 16]],
    [{ strides: [1, 1] }, [1, 8, 18, 29]],
    [{ dilations: [2, 2] }, [1, 8, 16, 27]],
  ])("follows a convolution with %j", (attributes, dims) => {
    expect(shapeOf([node("Conv", ["x", "w"], "y", attributes)], picture, weights)).toEqual(dims);
  });

  it("follows pooling, rounding as the node says", () => {
    const pool = (ceil: number) =>
      node("MaxPool", ["x"], "y", { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: ceil });
    expect(shapeOf([pool(0)], picture)).toEqual([1, 3, 10, 15]);
    expect(shapeOf([pool(1)], picture)).toEqual([1, 3, 10, 16]);
    expect(shapeOf([node("GlobalAveragePool", ["x"], "y")], picture)).toEqual([1, 3, 1, 1]);
  });

  it("follows what keeps, broadcasts and joins", () => {
    expect(shapeOf([node("Relu", ["x"], "y")], picture)).toEqual(picture);
    expect(shapeOf([node("Mul", ["x", "s"], "y")], picture, [floats("s", [3, 1, 1])])).toEqual(picture);
    expect(shapeOf([node("Add", ["x", "s"], "y")], picture, [floats("s", [4, 1, 1])])).toBeUndefined();
    expect(shapeOf([node("Concat", ["x", "x"], "y", { axis: 1 })], picture)).toEqual([1, 6, 20, 31]);
  });

  it("follows sizes that the graph computes", () => {
    const nodes = [
      node("Shape", ["x"], "shape", { start: 0, end: 2 }),
      node("Concat", ["shape", "sides"], "sizes", { axis: 0 }),
      node("Resize", ["x", "", "", "sizes"], "y"),
    ];
    expect(shapeOf(nodes, picture, [ints("sides", [2], [64, 32])])).toEqual([1, 3, 64, 32]);
  });

  it("follows reshapes, transpositions, products, sums, pads and choices", () => {
    const flat = node("Reshape", ["x", "to"], "y");
    expect(shapeOf([flat], picture, [ints("to", [3], [0, 0, -1])])).toEqual([1, 3, 620]);
    expect(shapeOf([flat], picture, [ints("to", [2], [7, -1])])).toBeUndefined();
    expect(shapeOf([node("Transpose", ["x"], "y", { perm: [2, 0, 1, 3] })], picture)).toEqual([20, 1, 3, 31]);
    expect(shapeOf([node("MatMul", ["x", "m"], "y")], [5, 1, 3], [floats("m", [5, 3, 4])])).toEqual([
      5, 1, 4,
    ]);
    expect(shapeOf([node("MatMul", ["x", "m"], "y")], [5, 1, 4], [floats("m", [5, 3, 4])])).toBeUndefined();
    expect(shapeOf([node("ReduceSum", ["x"], "y", { axes: [-1], keepdims: 0 })], picture)).toEqual([
      1, 3, 20,
    ]);
    expect(shapeOf([node("ReduceSum", ["x"], "y", { axes: [2] })], picture)).toEqual([1, 3, 1, 31]);
    expect(
      shapeOf([node("Pad", ["x", "p"], "y")], picture, [ints("p", [8], [0, 0, 1, 2, 0, 0, 3, 4])]),
    ).toEqual([1, 3, 24, 37]);
    const choice = node("Gather", ["x", "i"], "y", { axis: 1 });
    expect(shapeOf([choice], picture, [ints("i", [2], [0, 2])])).toEqual([1, 2, 20, 31]);
  });

  it("leaves unknown what it does not know, and what follows from it", () => {
    const nodes = [node("Mystery", ["x"], "a"), node("Relu", ["a"], "y")];
    expect(shapeOf(nodes, picture)).toBeUndefined();
    expect(shapeOf([{ ...node("Relu", ["x"], "y"), domain: "com.example" }], picture)).toBeUndefined();
    expect(
      shapeOf([node("Conv", ["x", "w"], "y", { auto_pad: "SAME_UPPER" })], picture, weights),
    ).toBeUndefined();
    expect(shapeOf([node("Conv", ["x", "w"], "y")], [1, 3, 1, 1], weights)).toBeUndefined();
  });
});

it("reducedAxes counts from the front", () => {
  expect(reducedAxes(node("ReduceMax", ["x"], "y", { axes: [-2, -1] }), 4, () => undefined)).toEqual([2, 3]);
  expect(reducedAxes(node("ReduceMax", ["x", "a"], "y"), 4, () => undefined)).toBeUndefined();
});

it("isStandard tells ONNX's own operators", () => {
  expect(isStandard(node("Relu", [], "y"))).toBe(true);
  expect(isStandard({ ...node("Relu", [], "y"), domain: "ai.onnx" })).toBe(true);
  expect(isStandard({ ...node("Relu", [], "y"), domain: "com.microsoft" })).toBe(false);
});
