import { describe, expect, it } from "vitest";
import { floats, node, port, type SmallModel, smallModel } from "../../../../../tests/support/small-onnx.js";
import { indexGraph } from "../../onnx/graph-index.js";
import { tensorValues } from "../../onnx/tensor-values.js";
import type { ActivationFacts } from "./activation-steps.js";
import { planQuantisation } from "./plan-quantisation.js";
import { quantiseNetwork } from "./quantise-network.js";

const WEIGHTS = [floats("w", [3, 3, 1, 1], [1, 2, 3, 0, 0, 0, -4, 5, 6]), floats("b", [3], [1, 2, 3])];

/** Every value from −1 to 1, and means of 0.5. */
function quantised(parts: SmallModel) {
  const model = smallModel({ initialisers: WEIGHTS, opset: 17, ...parts });
  const plan = planQuantisation(model, "net");
  const facts = new Map(
    plan.values.map((name): [string, ActivationFacts] => [name, { min: -1, max: 1, means: null }]),
  );
  const { graph } = quantiseNetwork(model, facts, "net");
  const index = indexGraph(graph);
  const values = (name: string) => [...((tensorValues(index.constants.get(name)!) ?? []) as Int8Array)];
  return { graph, index, values, steps: graph.nodes.map(({ opType, outputs }) => `${opType} ${outputs[0]}`) };
}

describe("an integer network", () => {
  it("has every node between dequantised inputs and a quantised output, and the same ports", () => {
    const { graph, steps, values } = quantised({
      nodes: [node("Conv", ["input", "w", "b"], "c"), node("Relu", ["c"], "output")],
    });
    expect(steps).toEqual([
      "QuantizeLinear input/uint8",
      "DequantizeLinear input/rounded",
      "DequantizeLinear output/weight",
      "DequantizeLinear output/bias",
      "Conv output/exact",
      "QuantizeLinear output/uint8",
      "DequantizeLinear output",
    ]);
    expect(graph.nodes[4]?.inputs).toEqual(["input/rounded", "output/weight", "output/bias"]);
    expect(graph.inputs).toEqual([port("input", [1, 3, 32, 32])]);
    expect(graph.outputs).toEqual([port("output", [1, 1, 32, 32])]);
    const names = graph.initialisers.map(({ name }) => name);
    expect(names).not.toContain("w");
    expect(new Set(names).size).toBe(names.length);
    expect(values("output/weight/integers")).toEqual([21, 43, 64, 0, 0, 0, -43, 53, 64]);
    const [input, weight, bias] = ["input/scale", "output/weight/scale", "output/bias/scale"].map(values);
    expect(bias).toEqual(weight?.map((scale) => Math.fround(scale * input![0]!)));
    expect(values("output/bias/integers").map((one, at) => one * bias![at]!)).toEqual([
      ...[1, 2, 3].map((value) => expect.closeTo(value, 3)),
    ]);
  });

  it("keeps other nodes in floating point and reads their results through integers", () => {
    const { index } = quantised({
      nodes: [
        node("Conv", ["input", "w"], "c"),
        node("Sigmoid", ["c"], "s"),
        node("Conv", ["s", "w"], "output"),
      ],
    });
    expect(index.producers.get("s")).toMatchObject({ opType: "Sigmoid", inputs: ["c"] });
    expect(index.producers.get("c")).toMatchObject({ opType: "DequantizeLinear" });
    expect(index.producers.get("output/exact")?.inputs[0]).toBe("s/rounded");
  });

  it("gives a value that is picked from another the same steps", () => {
    const { values } = quantised({
      nodes: [node("Conv", ["input", "w"], "c"), node("MaxPool", ["c"], "output", { kernel_shape: [2, 2] })],
    });
    expect(values("output/scale")).toEqual(values("c/scale"));
    expect(values("output/zero")).toEqual(values("c/zero"));
  });

  it("turns a matrix product's weights so that outputs come first", () => {
    const { values, graph } = quantised({
      initialisers: [floats("m", [2, 3], [1, 2, 4, 8, 2, 1])],
      nodes: [node("Gemm", ["input", "m"], "output")],
    });
    expect(values("output/weight/integers")).toEqual([8, 64, 64, 64, 64, 16]);
    expect(graph.nodes.find(({ opType }) => opType === "Gemm")?.attributes).toEqual([
      { name: "transB", type: "int", value: 1n },
    ]);
  });

  it("gives depthwise weights all eight bits", () => {
    const { values } = quantised({
      initialisers: [floats("d", [3, 1, 1, 1], [1, -2, 3])],
      nodes: [node("Conv", ["input", "d"], "output", { group: 3 })],
    });
    expect(values("output/weight/integers")).toEqual([127, -127, 127]);
  });
});

describe("no integer network", () => {
  const conv = [node("Conv", ["input", "w"], "output")];
  it.each<[string, SmallModel, string]>([
    [
      "without a convolution",
      { nodes: [node("Relu", ["input"], "output")] },
      "a float32 network with convolutions of constant weights",
    ],
    [
      "of weights that are not finite",
      { nodes: conv, initialisers: [floats("w", [1, 1, 1, 1], [Number.NaN])] },
      "finite weights in tensor w",
    ],
    ["of an old operator set", { nodes: conv, opset: 9 }, "ONNX operator set 13 or later"],
  ])("comes of a network %s", (_, parts, expected) => {
    expect(() => quantised(parts)).toThrow(expect.objectContaining({ code: "BACKBONE", expected }));
  });

  it("comes of ranges that are missing", () => {
    const model = smallModel({ nodes: conv, initialisers: WEIGHTS, opset: 17 });
    expect(() => quantiseNetwork(model, new Map(), "net")).toThrow(
      expect.objectContaining({ code: "BACKBONE", expected: "the range of value input" }),
    );
  });

  it("comes of weights in another file", () => {
    const w = {
      ...floats("w", [1, 1, 1, 1]),
      payload: { kind: "external", location: "x", offset: 0, length: 4 },
    } as const;
    expect(() => quantised({ nodes: conv, initialisers: [w] })).toThrow(
      expect.objectContaining({ found: "weights elsewhere" }),
    );
  });
});
