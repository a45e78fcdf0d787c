import { describe, expect, it } from "vitest";
import { floats, ints, node, port, smallModel } from "../../../../tests/support/small-onnx.js";
import { constantNumbers, indexGraph, intAttribute, intsAttribute, textAttribute } from "./graph-index.js";

const model = smallModel({
  initialisers: [floats("w", [2], [1, 2])],
  inputs: [port("input", [1, 3, 8, 8]), port("w", [2])],
  nodes: [
    node("Constant", [], "c", { value: ints("", [2], [3, 4]) }),
    { ...node("Constant", [], "f"), attributes: [{ name: "value_float", type: "float", value: 0.5 }] },
    { ...node("Constant", [], "i"), attributes: [{ name: "value_ints", type: "ints", value: [7n, 8n] }] },
    { ...node("Constant", [], "i0"), attributes: [{ name: "value_int", type: "int", value: -3n }] },
    { ...node("Constant", [], "fs"), attributes: [{ name: "value_floats", type: "floats", value: [1, 2] }] },
    { ...node("Constant", [], "s"), attributes: [{ name: "value_string", type: "string", value: "x" }] },
    node("Identity", ["w"], "alias"),
    node("Conv", ["input", "alias", ""], "y", { strides: [2, 2], group: 1, auto_pad: "NOTSET" }),
    node("Relu", ["y"], "output"),
  ],
});
const index = indexGraph(model.graph);

describe("indexGraph", () => {
  it("knows makers, users and fed inputs", () => {
    expect(index.inputs.map(({ name }) => name)).toEqual(["input"]);
    expect(index.producers.get("output")?.opType).toBe("Relu");
    expect(index.consumers.get("y")?.map(({ opType }) => opType)).toEqual(["Relu"]);
    expect(index.consumers.has("")).toBe(false);
  });

  it("finds constants in initialisers, Constant nodes of every spelling and behind Identity", () => {
    expect(constantNumbers(index, "alias")).toEqual([1, 2]);
    expect(constantNumbers(index, "c")).toEqual([3, 4]);
    expect(constantNumbers(index, "f")).toEqual([0.5]);
    expect(constantNumbers(index, "i")).toEqual([7, 8]);
    expect(constantNumbers(index, "i0")).toEqual([-3]);
    expect(constantNumbers(index, "fs")).toEqual([1, 2]);
    expect(constantNumbers(index, "s")).toBeNull();
    expect(constantNumbers(index, "y")).toBeNull();
  });

  it("leaves large constants alone", () => {
    const large = indexGraph(smallModel({ initialisers: [floats("big", [100_001])] }).graph);
    expect(constantNumbers(large, "big")).toBeNull();
  });

  it("reads attributes of the asked type only", () => {
    const conv = index.producers.get("y")!;
    expect(intsAttribute(conv, "strides")).toEqual([2, 2]);
    expect(intAttribute(conv, "group")).toBe(1);
    expect(textAttribute(conv, "auto_pad")).toBe("NOTSET");
    expect([
      intAttribute(conv, "strides"),
      intsAttribute(conv, "group"),
      textAttribute(conv, "none"),
    ]).toEqual([null, null, null]);
  });
});
