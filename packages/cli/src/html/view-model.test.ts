import type { OnnxAttribute, OnnxGraph, OnnxTensor } from "@blemish/core";
import { describe, expect, it } from "vitest";
import type { TensorView } from "./graph-view.js";
import { viewModel } from "./view-model.js";

const bytes = new Uint8Array(Float32Array.of(1).buffer);
const scalar: OnnxTensor = { name: "", dataType: 1, dims: [], payload: { kind: "raw", bytes } };
const weight: OnnxTensor = { ...scalar, name: "w", dims: [8, 3, 3, 3] };
const node = (opType: string, inputs: string[], outputs: string[], attributes: OnnxAttribute[] = []) => ({
  name: `${opType}_name`,
  opType,
  domain: "",
  inputs,
  outputs,
  attributes,
});

const graph: OnnxGraph = {
  name: "g",
  nodes: [
    node("Constant", [], ["two"], [{ name: "value", type: "tensor", value: scalar }]),
    node("Identity", ["two"], ["alias"]),
    node("Conv", ["x", "w", ""], ["a"], [{ name: "strides", type: "ints", value: [2n, 2n] }]),
    node("Mul", ["a", "alias"], ["b"]),
    node("Cast", ["b"], ["y"], [{ name: "to", type: "int", value: 7n }]),
  ],
  initialisers: [weight],
  inputs: [{ name: "x", elementType: 1, dims: [1, 3, "height", null] }],
  outputs: [{ name: "y", elementType: 7, dims: [1] }],
  valueInfo: [{ name: "a", elementType: 1, dims: [1, 8, 4, 4] }],
};

const seen: OnnxTensor[] = [];
const view = viewModel(graph, (tensor) => {
  seen.push(tensor);
  return { name: tensor.name } as TensorView;
});

describe("viewModel", () => {
  it("shows inputs, operators and outputs, and hides constants in their readers", () => {
    expect(view.nodes.map(({ op }) => op)).toEqual(["x", "Conv", "Mul", "Cast", "y"]);
    expect(view.nodes.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4]);
    expect(view.nodes[2]?.inputs.map(({ tensor }) => tensor !== null)).toEqual([false, true]);
    expect(seen).toEqual([weight, scalar]);
  });
  it("draws one arrow for each value that goes from node to node", () => {
    expect(view.edges).toEqual([
      { from: 0, to: 1, name: "x" },
      { from: 1, to: 2, name: "a" },
      { from: 2, to: 3, name: "b" },
      { from: 3, to: 4, name: "y" },
    ]);
  });
  it("tells types, shapes and attributes in words", () => {
    expect(view.nodes[0]?.caption).toBe("float32 [1, 3, height, ?]");
    expect(view.nodes[1]).toMatchObject({
      caption: "8×3×3×3",
      attributes: [{ name: "strides", value: "2, 2" }],
    });
    expect(view.nodes[1]?.outputs).toEqual([{ name: "a", type: "float32 [1, 8, 4, 4]" }]);
    expect(view.nodes[3]).toMatchObject({
      caption: "to int64",
      attributes: [{ name: "to", value: "int64" }],
    });
    expect(view.nodes[4]).toMatchObject({ kind: "output", caption: "int64 [1]" });
  });
  it("keeps an input that is left out as a nameless one", () => {
    expect(view.nodes[1]?.inputs[2]).toEqual({ name: "", from: null, tensor: null });
  });
  it("puts every type of attribute into words", () => {
    const attributes: OnnxAttribute[] = [
      { name: "f", type: "float", value: 0.1 },
      { name: "s", type: "string", value: "linear" },
      { name: "fs", type: "floats", value: Array.from({ length: 50 }, () => 1) },
      { name: "t", type: "tensor", value: weight },
      { name: "ts", type: "tensors", value: [weight] },
      { name: "g", type: "graph", value: graph },
      { name: "gs", type: "graphs", value: [graph, graph] },
      { name: "o", type: "other", value: 11 },
    ];
    const one = viewModel(
      { ...graph, nodes: [node("If", ["x"], ["y"], attributes)] },
      () => ({}) as TensorView,
    );
    const texts = one.nodes[1]?.attributes.map(({ value }) => value) ?? [];
    expect(texts[0]).toBe("0.1");
    expect(texts[2]).toMatch(/, … \(50\)$/);
    expect(texts.slice(3)).toEqual([
      "tensor float32 [8, 3, 3, 3]",
      "1 tensors",
      "a graph of 5 nodes",
      "2 graphs",
      "(attribute type 11)",
    ]);
  });
});
