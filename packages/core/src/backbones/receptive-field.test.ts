import { describe, expect, it } from "vitest";
import { floats, node, port, smallModel } from "../../../../tests/support/small-onnx.js";
import { receptiveField } from "./receptive-field.js";

const INPUTS = [port("input", [1, 3, "height", "width"])];
const field = (nodes: ReturnType<typeof node>[], ...names: string[]) =>
  receptiveField(
    smallModel({
      inputs: INPUTS,
      initialisers: [floats("w3", [8, 3, 3, 3]), floats("w1", [8, 8, 1, 1]), floats("w5", [8, 8, 5, 5])],
      nodes,
    }).graph,
    names,
  );

describe("receptiveField", () => {
  it("grows by a kernel's reach times the step before it", () => {
    const nodes = [
      node("Conv", ["input", "w3"], "a", { strides: [2, 2] }),
      node("Relu", ["a"], "b"),
      node("Conv", ["b", "w1"], "c"),
      node("MaxPool", ["c"], "d", { kernel_shape: [3, 3], strides: [2, 2] }),
      node("Conv", ["d", "w5"], "e"),
      node("Conv", ["d", "w3"], "f", { dilations: [2, 2] }),
      node("Add", ["e", "d"], "g"),
    ];
    expect(field(nodes, "input")).toBe(1);
    expect(field(nodes, "b")).toBe(3);
    expect(field(nodes, "c")).toBe(3);
    expect(field(nodes, "d")).toBe(3 + 2 * 2);
    expect(field(nodes, "e")).toBe(7 + 4 * 4);
    expect(field(nodes, "f")).toBe(7 + 4 * 4);
    expect(field(nodes, "g")).toBe(23);
    expect(field(nodes, "b", "g")).toBe(23);
  });

  it("is without end where a place depends on the whole picture, and where it cannot be told", () => {
    const nodes = [
      node("Conv", ["input", "w3"], "a"),
      node("GlobalAveragePool", ["a"], "mean"),
      node("Mul", ["a", "mean"], "weighted"),
      node("Resize", ["a"], "large"),
    ];
    expect(field(nodes, "a")).toBe(3);
    expect(field(nodes, "weighted")).toBe(Number.POSITIVE_INFINITY);
    expect(field(nodes, "large")).toBe(Number.POSITIVE_INFINITY);
    expect(field(nodes, "a", "nothing")).toBe(Number.POSITIVE_INFINITY);
  });
});
