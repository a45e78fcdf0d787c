import { describe, expect, it } from "vitest";
import { floats, node, smallModel } from "../../../../tests/support/small-onnx.js";
import { indexGraph } from "../onnx/graph-index.js";
import { knownShapes } from "../onnx/known-shapes.js";
import type { OnnxNode } from "../onnx/onnx-model.js";
import { rootBehind } from "./root-behind.js";

function rootOf(cut: OnnxNode, root = node("Sqrt", ["cut"], "root")) {
  const initialisers = [floats("zero", [], [0]), floats("one", [], [1])];
  const index = indexGraph(smallModel({ nodes: [cut, root], initialisers }).graph);
  return rootBehind({ index, shapes: knownShapes(index, new Map()), files: undefined }, "root");
}

describe("rootBehind", () => {
  it.each([
    ["Clip", ["x", "zero"]],
    ["Clip", ["x", "zero", ""]],
    ["Max", ["x", "zero"]],
    ["Max", ["zero", "x"]],
  ])("takes a root of what a %s of %j cuts at 0", (type, inputs) => {
    expect(rootOf(node(type, inputs, "cut"))).toEqual({ distances: "root", squares: "x" });
  });

  it.each([
    ["Clip", ["x", "one"]],
    ["Clip", ["x", "zero", "one"]],
    ["Clip", ["x"]],
    ["Max", ["x", "one"]],
    ["Max", ["x", "y"]],
    ["Relu", ["x"]],
  ])("refuses what a %s of %j cuts", (type, inputs) => {
    expect(() => rootOf(node(type, inputs, "cut"))).toThrowError(
      expect.objectContaining({ code: "MODEL_ENGINE", expected: "squared distances that are cut at 0" }),
    );
  });

  it("refuses what is no root", () => {
    expect(() => rootOf(node("Clip", ["x", "zero"], "cut"), node("Exp", ["cut"], "root"))).toThrowError(
      expect.objectContaining({ found: "the operation Exp there" }),
    );
  });
});
