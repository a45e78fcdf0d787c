import { describe, expect, it } from "vitest";
import {
  type ChangedParts,
  patchcoreExport,
  withChanges,
} from "../../../../tests/support/patchcore-fixtures.js";
import { ints, node } from "../../../../tests/support/small-onnx.js";
import { MOST_NEIGHBOURS } from "../kernels/memory-bank.js";
import { indexGraph } from "../onnx/graph-index.js";
import { knownShapes } from "../onnx/known-shapes.js";
import { patchcoreHead } from "./patchcore-head.js";
import { MOST_GRAPH_NEIGHBOURS, patchcoreScore } from "./patchcore-score.js";

/** Neighbours of the graph of 0.7 with some parts exchanged. */
function neighboursOf(changed: ChangedParts = {}) {
  const index = indexGraph(withChanges(patchcoreExport("patchcore-070").model, changed).graph);
  const shapes = knownShapes(index, new Map([["input", [1, 3, 64, 64]]]));
  const walk = { index, shapes, files: undefined };
  return patchcoreScore(walk, "250", patchcoreHead(walk, "/Reshape_10_output_0", 1), 1);
}

const count = (neighbours: number): ChangedParts => {
  const name = "/Constant_32_output_0";
  return { nodes: { [name]: node("Constant", [], name, { value: ints("", [1], [neighbours]) }) } };
};

describe("patchcoreScore", () => {
  it("counts the neighbours", () => {
    expect(neighboursOf()).toBe(9);
    expect(neighboursOf(count(2))).toBe(2);
  });

  it("refuses more than our search finds, and one whose weight would be 0", () => {
    expect(MOST_GRAPH_NEIGHBOURS).toBe(MOST_NEIGHBOURS);
    for (const neighbours of [1, MOST_NEIGHBOURS + 1])
      expect(() => neighboursOf(count(neighbours))).toThrowError(/2 to 9 neighbours/);
  });

  it("takes the factors in either order, and a Reshape for the Squeeze", () => {
    const factors = node("Mul", ["/Reshape_7_output_0", "/Gather_13_output_0"], "250");
    expect(neighboursOf({ nodes: { "250": factors } })).toBe(9);
    const name = "/Squeeze_output_0";
    const reshape = node("Reshape", ["/Sqrt_2_output_0", "flat"], name);
    expect(neighboursOf({ nodes: { [name]: reshape }, initialisers: [ints("flat", [2], [1, 9])] })).toBe(9);
  });

  it("refuses patches that are counted from another place", () => {
    const name = "/Constant_21_output_0";
    const one = { nodes: { [name]: node("Constant", [], name, { value: ints("", [1], [1]) }) } };
    expect(() => neighboursOf(one)).toThrowError(/values at other patches/);
  });
});
