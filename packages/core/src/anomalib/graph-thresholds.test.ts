import { describe, expect, it } from "vitest";
import { floats, node, smallModel } from "../../../../tests/support/small-onnx.js";
import { indexGraph } from "../onnx/graph-index.js";
import { findDecision, findThreshold } from "./graph-thresholds.js";

const index = indexGraph(
  smallModel({
    initialisers: [
      floats("t", [], [6.5]),
      floats("range", [], [26]),
      floats("half", [], [0.75]),
      floats("zero", [], [0]),
    ],
    nodes: [
      node("ReduceMax", ["map"], "raw"),
      node("Sub", ["raw", "t"], "above"),
      node("Div", ["above", "range"], "scaled"),
      node("Add", ["scaled", "half"], "shifted"),
      node("Clip", ["shifted", "zero"], "clipped"),
      node("Where", ["flag", "clipped", "raw"], "pred_score"),
      node("Greater", ["pred_score", "half"], "pred_label"),
      node("Greater", ["raw", "t"], "raw_label"),
      node("Mul", ["raw", "half"], "multiplied"),
      node("Add", ["multiplied", "t"], "folded"),
      node("Clip", ["folded", "zero"], "cut"),
    ],
  }).graph,
);

describe("thresholds inside a 2.x graph", () => {
  it("threshold and range of the normalisation", () => {
    expect(findThreshold(index, "pred_score")).toEqual({ threshold: 6.5, range: 26 });
    expect(findThreshold(index, "cut")).toEqual({ threshold: -8, range: 4 / 3 });
    expect(findThreshold(index, "raw")).toBeNull();
    expect(findThreshold(index, "nothing")).toBeNull();
  });

  it("the value above which the graph says anomalous, only where it compares the score itself", () => {
    expect(findDecision(index, "pred_label", "pred_score")).toBe(0.75);
    expect(findDecision(index, "raw_label", "pred_score")).toBeNull();
    expect(findDecision(index, "raw_label", "raw")).toBeNull();
    expect(findDecision(index, null, "pred_score")).toBeNull();
    expect(findDecision(index, "pred_label", null)).toBeNull();
  });
});
