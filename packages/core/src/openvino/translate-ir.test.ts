import { describe, expect, it } from "vitest";
import { fed, graphOf, ints } from "../../../../tests/support/ir-layers.js";
import { translateIr } from "./translate-ir.js";

const x = fed([2, -1], [1, 2]);

describe("translateIr", () => {
  it("has inputs and outputs under their names, sides of any size under a name", () => {
    const { graph, weights } = graphOf({ type: "ReLU" }, [x]);
    const { opsets, graph: onnx } = translateIr(graph, weights, "x");
    expect(opsets).toEqual([{ domain: "", version: 18 }]);
    expect(onnx.inputs).toEqual([{ name: "x0", elementType: 1, dims: [2, "x0_1"] }]);
    expect(onnx.outputs.map(({ name }) => name)).toEqual(["y0"]);
    expect(onnx.nodes.map(({ opType, inputs, outputs }) => [opType, inputs, outputs])).toEqual([
      ["Relu", ["x0"], ["y0"]],
    ]);
  });

  it("takes the widening of a half constant as done", () => {
    const half = { dims: [1], values: [0x3c00], constant: "f16" } as const;
    const attributes = { destination_type: "f32" };
    const { graph, weights } = graphOf({ type: "Convert", attributes }, [half]);
    const { nodes, initialisers } = translateIr(graph, weights, "x").graph;
    expect(nodes).toEqual([]);
    expect(initialisers.map(({ name }) => name)).toContain("y0");
  });

  it("gives nodes names of their own where layers share one", () => {
    const { graph, weights } = graphOf({ type: "ReLU" }, [x]);
    const [input, relu, result] = graph.layers;
    const again = { ...relu!, id: "again", outputs: [{ ...relu!.outputs[0]!, layer: "again", names: [] }] };
    const { nodes } = translateIr({ ...graph, layers: [input!, relu!, again, result!] }, weights, "x").graph;
    expect(new Set(nodes.map(({ name }) => name)).size).toBe(2);
    expect(new Set(nodes.flatMap(({ outputs }) => outputs)).size).toBe(2);
  });

  it("names an operator that is not known, or not OpenVINO's own", () => {
    for (const words of [{ type: "LSTMSequence" }, { type: "ReLU", opset: "extension" }]) {
      const { graph, weights } = graphOf({ ...words, name: "strange" }, [x, ints(1)]);
      expect(() => translateIr(graph, weights, "model.xml")).toThrow(
        new RegExp(`model\\.xml.*${words.type}.*strange.*MODEL_UNSUPPORTED`, "s"),
      );
    }
  });
});
