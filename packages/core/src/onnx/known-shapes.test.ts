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

  it("follows searches, parts, and axes that come and go", () => {
    const search = (attributes: Record<string, number>) =>
      shapeOf([node("ArgMin", ["x"], "y", attributes)], [4, 5, 6]);
    expect(search({ axis: 1, keepdims: 0 })).toEqual([4, 6]);
    expect(search({ axis: -1 })).toEqual([4, 5, 1]);
    expect(search({ axis: 3 })).toBeUndefined();
    const top = { ...node("TopK", ["x", "k"], "y", { axis: 1 }), outputs: ["y", "places"] };
    const behind = [top, node("Identity", ["places"], "z")];
    expect(shapeOf(behind, [4, 5], [ints("k", [1], [3])])).toEqual([4, 3]);
    const part = (from: number, to: number, axis: number, step = 1) =>
      shapeOf(
        [node("Slice", ["x", "from", "to", "axis", "step"], "y")],
        [10, 7],
        [
          ints("from", [1], [from]),
          ints("to", [1], [to]),
          ints("axis", [1], [axis]),
          ints("step", [1], [step]),
        ],
      );
    expect([part(2, 6, 0), part(-3, 1000, 1), part(4, 2, -1)]).toEqual([
      [4, 7],
      [10, 3],
      [10, 0],
    ]);
    expect([part(0, 5, 0, 2), part(0, 5, 2)]).toEqual([undefined, undefined]);
    expect(shapeOf([node("Flatten", ["x"], "y", { axis: 2 })], [2, 3, 4])).toEqual([6, 4]);
    const axes = [ints("axes", [1], [-1])];
    expect(shapeOf([node("Unsqueeze", ["x", "axes"], "y")], [2, 3], axes)).toEqual([2, 3, 1]);
    expect(shapeOf([node("Unsqueeze", ["x"], "y", { axes: [0, 2] })], [2, 3])).toEqual([1, 2, 1, 3]);
    expect(shapeOf([node("Unsqueeze", ["x"], "y", { axes: [5] })], [2, 3])).toBeUndefined();
    expect(shapeOf([node("Squeeze", ["x"], "y", { axes: [1] })], [2, 1, 3])).toEqual([2, 3]);
    expect(shapeOf([node("Squeeze", ["x"], "y", { axes: [0] })], [2, 1, 3])).toBeUndefined();
    expect(shapeOf([node("Concat", ["x", "x"], "y", { axis: -1 })], [2, 3])).toEqual([2, 6]);
    const rows = node("GatherND", ["x", "at"], "y");
    expect(shapeOf([rows], [8, 9, 3], [ints("at", [5, 2], Array(10).fill(0))])).toEqual([5, 3]);
    expect(shapeOf([rows], [8], [ints("at", [5, 2], Array(10).fill(0))])).toBeUndefined();
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
