import { describe, expect, it } from "vitest";
import { floats, ints, node, port, smallModel } from "../../../../tests/support/small-onnx.js";
import { indexGraph } from "../onnx/graph-index.js";
import { knownShapes } from "../onnx/known-shapes.js";
import type { OnnxModel, OnnxNode } from "../onnx/onnx-model.js";
import { freeBatch } from "./free-batch.js";

/** Two pictures of any size, resized to 8 × 8, one convolution, and something behind it. */
function pair(...more: OnnxNode[]): OnnxModel {
  return smallModel({
    inputs: [port("input", [2, 3, "height", "width"])],
    outputs: [port("f", [2, 4, 8, 8])],
    nodes: [
      node("Resize", ["input", "", "", "sizes"], "resized", { mode: "linear" }),
      node("Conv", ["resized", "w"], "f", { pads: [1, 1, 1, 1] }),
      ...more,
    ],
    initialisers: [ints("sizes", [4], [2, 3, 8, 8]), floats("w", [4, 3, 3, 3]), ints("flat", [2], [2, 256])],
  });
}

const request = { input: "input", batch: 2, values: ["f"], subject: "model.onnx" };

describe("freeBatch", () => {
  it("leaves a model that takes one picture as it is", () => {
    const model = pair();
    expect(freeBatch(model, { ...request, batch: 1 })).toBe(model);
  });

  it("makes the values those of one picture, with weights and sizes as they were", () => {
    const model = pair(node("Relu", ["f"], "unused"));
    const { graph } = freeBatch(model, request);
    expect(graph.inputs[0]?.dims).toEqual([1, 3, "height", "width"]);
    const shapes = knownShapes(indexGraph(graph), new Map([["input", [1, 3, 20, 30]]]));
    expect(shapes("f")?.dims).toEqual([1, 4, 8, 8]);
    expect(graph.nodes.map(({ outputs }) => outputs[0])).toEqual(["resized", "f"]);
    expect(graph.initialisers.find(({ name }) => name === "w")).toEqual(
      model.graph.initialisers.find(({ name }) => name === "w"),
    );
    expect(model.graph.inputs[0]?.dims?.[0]).toBe(2);
  });

  it("refuses values that still depend on the number", () => {
    const flat = pair(node("Reshape", ["f", "flat"], "rows"));
    expect(() => freeBatch(flat, { ...request, values: ["rows"] })).toThrowError(
      expect.objectContaining({ code: "MODEL_ENGINE", subject: "model.onnx" }),
    );
  });
});
