import { describe, expect, it } from "vitest";
import { floats, ints, node, smallModel } from "../../../../tests/support/small-onnx.js";
import { indexGraph } from "../onnx/graph-index.js";
import type { OnnxNode } from "../onnx/onnx-model.js";
import { findPreprocessing } from "./graph-preprocessing.js";

const initialisers = [
  floats("mean", [3, 1, 1], [0.485, 0.456, 0.406]),
  floats("std", [3, 1, 1], [0.229, 0.224, 0.225]),
  floats("half", [1, 3, 1, 1], [0.5, 0.25, 0.5]),
  floats("down", [1, 3, 1, 1], [-0.25, -0.0625, -0.5]),
  ints("sides", [2], [128, 256]),
];
const find = (nodes: readonly OnnxNode[]) =>
  findPreprocessing(indexGraph(smallModel({ initialisers, nodes }).graph), "input");

describe("findPreprocessing", () => {
  it("resize and normalisation, past the computation of shapes", () => {
    const found = find([
      node("Shape", ["input"], "shape"),
      node("Reshape", ["input", "shape"], "same"),
      node("Concat", ["shape", "sides"], "sizes", { axis: 0 }),
      node("Resize", ["same", "", "", "sizes"], "small", { mode: "linear" }),
      node("Sub", ["small", "mean"], "centred"),
      node("Div", ["centred", "std"], "scaled"),
      node("Conv", ["scaled", "w"], "c"),
      node("Sub", ["c", "std"], "later"),
    ]);
    expect(found).toEqual({
      resize: { height: 128, width: 256, mode: "linear" },
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
    });
  });

  it("a factor and a shift, as converters fold it", () => {
    const found = find([node("Mul", ["input", "half"], "less"), node("Add", ["less", "down"], "moved")]);
    expect(found).toMatchObject({ mean: [0.5, 0.25, 1], std: [2, 4, 2] });
  });

  it("sizes may be one constant; none of it is there in a 0.7 graph", () => {
    expect(find([node("Resize", ["input", "", "", "sides"], "small")]).resize).toEqual({
      height: 128,
      width: 256,
      mode: "nearest",
    });
    expect(find([node("Resize", ["input", "", "", "computed"], "small")]).resize).toBeNull();
    expect(find([node("Conv", ["input", "w"], "c")])).toEqual({ resize: null, mean: null, std: null });
    expect(find([node("Sub", ["one", "input"], "x"), node("Identity", ["input"], "input")])).toEqual({
      resize: null,
      mean: null,
      std: null,
    });
  });
});
