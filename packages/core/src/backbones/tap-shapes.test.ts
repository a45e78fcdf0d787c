import { describe, expect, it } from "vitest";
import { floats, node, port, smallModel } from "../../../../tests/support/small-onnx.js";
import { tapShapes } from "./tap-shapes.js";

const ANY = [port("input", [1, 3, "height", "width"])];

describe("channels and strides", () => {
  it("follow convolutions, pools, sums and concatenations", () => {
    const model = smallModel({
      inputs: ANY,
      initialisers: [floats("w1", [8, 3, 3, 3]), floats("w2", [16, 8, 3, 3])],
      nodes: [
        node("Conv", ["input", "w1"], "c1", { strides: [2, 2] }),
        node("Relu", ["c1"], "r1"),
        node("MaxPool", ["r1"], "p1", { strides: [2, 2], kernel_shape: [2, 2] }),
        node("Conv", ["p1", "w2"], "c2"),
        node("Add", ["c2", "c2"], "sum"),
        node("Concat", ["sum", "p1"], "both", { axis: 1 }),
        node("Flatten", ["both"], "flat"),
        node("Relu", ["flat"], "after"),
      ],
    });
    const shapes = tapShapes(model.graph);
    expect(shapes.get("r1")).toEqual({ channels: 8, stride: 2 });
    expect(shapes.get("p1")).toEqual({ channels: 8, stride: 4 });
    expect(shapes.get("sum")).toEqual({ channels: 16, stride: 4 });
    expect(shapes.get("both")).toEqual({ channels: 24, stride: 4 });
    expect(shapes.get("flat")).toEqual({ channels: null, stride: null });
    expect(shapes.get("after")).toEqual({ channels: null, stride: null });
  });

  it("see through squeeze and excitation", () => {
    const model = smallModel({
      inputs: ANY,
      initialisers: [
        floats("w1", [8, 3, 3, 3]),
        floats("squeeze", [2, 8, 1, 1]),
        floats("excite", [8, 2, 1, 1]),
      ],
      nodes: [
        node("Conv", ["input", "w1"], "x", { strides: [2, 2] }),
        node("GlobalAveragePool", ["x"], "mean"),
        node("Conv", ["mean", "squeeze"], "s"),
        node("Conv", ["s", "excite"], "e"),
        node("Sigmoid", ["e"], "weights"),
        node("Mul", ["weights", "x"], "weighted"),
      ],
    });
    expect(tapShapes(model.graph).get("weighted")).toEqual({ channels: 8, stride: 2 });
    expect(tapShapes(model.graph).get("weights")).toEqual({ channels: 8, stride: Number.POSITIVE_INFINITY });
  });

  it("are taken from the file where it states them", () => {
    const nodes = [node("Mystery", ["input"], "a"), node("Mystery", ["input"], "b")];
    const model = smallModel({ nodes, outputs: [port("b", [1, 7, "rows", "columns"])] });
    const graph = { ...model.graph, valueInfo: [port("a", [1, 5, 8, 8])] };
    expect(tapShapes(graph).get("a")).toEqual({ channels: 5, stride: 4 });
    expect(tapShapes(graph).get("b")).toEqual({ channels: 7, stride: null });
  });

  it("stay unknown where strides differ by direction or weights are computed", () => {
    const model = smallModel({
      inputs: ANY,
      initialisers: [floats("w", [8, 3, 3, 3])],
      nodes: [
        node("Conv", ["input", "w"], "wide", { strides: [1, 2] }),
        node("Conv", ["input", "elsewhere"], "open"),
      ],
    });
    expect(tapShapes(model.graph).get("wide")).toEqual({ channels: 8, stride: null });
    expect(tapShapes(model.graph).get("open")).toEqual({ channels: null, stride: 1 });
  });
});
