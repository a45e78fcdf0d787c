import { describe, expect, it } from "vitest";
import { floats, node, smallModel, smallPadim } from "../../../../tests/support/small-onnx.js";
import { indexGraph } from "../onnx/graph-index.js";
import { ancestors, findTaps, layerNames } from "./find-taps.js";

describe("findTaps", () => {
  it("layers in concatenation order, with channels and stride", () => {
    expect(findTaps(indexGraph(smallPadim().graph), "taps")).toEqual([
      { tensor: "f1", layer: "layer1", channels: 4, stride: 4 },
      { tensor: "f2", layer: "layer2", channels: 8, stride: 8 },
    ]);
  });

  it("a value that is no concatenation is its own tap; pooling and additions do not hide the convolution", () => {
    const { graph } = smallModel({
      initialisers: [floats("net.blocks.2.conv.weight", [6, 3, 1, 1])],
      nodes: [
        node("Conv", ["input", "net.blocks.2.conv.weight"], "c", { strides: [2, 2] }),
        node("Add", ["c", "input"], "sum"),
        node("AveragePool", ["sum"], "pooled", { strides: [1, 1] }),
      ],
    });
    expect(findTaps(indexGraph(graph), "pooled")).toEqual([
      { tensor: "pooled", layer: "blocks.2", channels: 6, stride: 2 },
    ]);
  });

  it("channels are unknown behind an operation that may change them", () => {
    const { graph } = smallModel({
      initialisers: [floats("w", [6, 3, 1, 1])],
      nodes: [node("Conv", ["input", "w"], "c"), node("Reshape", ["c", "shape"], "r")],
    });
    expect(findTaps(indexGraph(graph), "r")).toEqual([
      { tensor: "r", layer: "r", channels: null, stride: 1 },
    ]);
  });

  it("shared parts and rings do not multiply", () => {
    const doubling = Array.from({ length: 60 }, (_, i) =>
      node("Concat", [`x${i}`, `x${i}`, `x${i + 1}`], `x${i + 1}`, { axis: 1 }),
    );
    expect(findTaps(indexGraph(smallModel({ nodes: doubling }).graph), "x60").length).toBeLessThanOrEqual(1);
    const wide = smallModel({
      nodes: [
        node(
          "Concat",
          Array.from({ length: 200_000 }, (_, i) => `v${i}`),
          "all",
          { axis: 1 },
        ),
      ],
    });
    expect(findTaps(indexGraph(wide.graph), "all")).toHaveLength(64);
  });
});

describe("layerNames", () => {
  it("finds the layer behind a choice of channels, and gives the value's name where none shows", () => {
    const { graph } = smallModel({
      initialisers: [floats("net.layer2.0.conv.weight", [6, 3, 1, 1]), floats("w", [6, 6, 1, 1])],
      nodes: [
        node("Conv", ["input", "net.layer2.0.conv.weight"], "c"),
        node("Relu", ["c"], "r"),
        node("Gather", ["r", "indices"], "r.kept", { axis: 1 }),
        node("Conv", ["r", "w"], "next"),
      ],
    });
    expect(layerNames(graph, ["r.kept", "next", "/net/layer3/Relu_output_0", "none"])).toEqual([
      "layer2",
      "next",
      "layer3",
      "none",
    ]);
  });
});

describe("ancestors", () => {
  it("walks back along the first input that is no constant, and ends in a ring, too", () => {
    const index = indexGraph(smallPadim().graph);
    expect([...ancestors(index, "product")].map(({ opType }) => opType).slice(0, 5)).toEqual([
      "MatMul",
      "Transpose",
      "Sub",
      "Reshape",
      "Gather",
    ]);
    const ring = indexGraph(
      smallModel({ nodes: [node("Relu", ["b"], "a"), node("Relu", ["a"], "b")] }).graph,
    );
    expect([...ancestors(ring, "a", 10)]).toHaveLength(10);
  });
});
