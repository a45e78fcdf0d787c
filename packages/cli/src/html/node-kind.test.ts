import { indexGraph, type OnnxGraph, type OnnxTensor } from "@blemish/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nodeKinds } from "./node-kind.js";

const tensor = (name: string, dims: readonly number[]): OnnxTensor => ({
  name,
  dataType: 1,
  dims,
  payload: { kind: "external", location: "w", offset: 0, length: null },
});

/** Nodes as "Op inputs > output". */
function graphOf(lines: readonly string[], initialisers: readonly OnnxTensor[] = []): OnnxGraph {
  const nodes = lines.map((line) => {
    const [head = "", outputs = ""] = line.split(" > ");
    const [opType = "", ...inputs] = head.split(" ");
    return { name: "", opType, domain: "", inputs, outputs: outputs.split(" "), attributes: [] };
  });
  const value = (name: string) => ({ name, elementType: 1, dims: null });
  return { name: "g", nodes, initialisers, inputs: [value("x")], outputs: [value("y")], valueInfo: [] };
}

const kindsOf = (graph: OnnxGraph) => nodeKinds(indexGraph(graph));

describe("nodeKinds", () => {
  it("tells the parts of a PaDiM-like graph", () => {
    const graph = graphOf(
      [
        "Sub x mean > a",
        "Conv a w1 > b",
        "Relu b > c",
        "Conv c w2 > d",
        "Add c d > e",
        "Relu e > f",
        "Resize f > g",
        "Concat c g > h",
        "MatMul h cov > i",
        "Sqrt i > j",
        "ConstantOfShape n > p",
        "Cast p > q",
        "Pad j q > k",
        "Conv k gauss > l",
        "ReduceMax l > y",
      ],
      [
        tensor("w1", [8, 3, 3, 3]),
        tensor("w2", [8, 8, 3, 3]),
        tensor("gauss", [1, 1, 33, 33]),
        tensor("cov", [4, 8, 8]),
      ],
    );
    expect(kindsOf(graph)).toEqual([
      "preprocessing",
      ...Array(5).fill("backbone"),
      ...Array(4).fill("head"),
      ...Array(4).fill("blur"),
      "postprocessing",
    ]);
  });

  it("takes a graph without convolutions as head", () => {
    expect(kindsOf(graphOf(["Abs x > a", "ReduceMax a > y"]))).toEqual(["head", "head"]);
  });

  it("gives every node of any graph a kind, rings and missing values included", () => {
    const names = fc.constantFrom("x", "a", "b", "c", "w", "");
    const line = fc
      .tuple(fc.constantFrom("Conv", "Relu", "Pad", "MatMul"), names, names, names)
      .map(([op, one, two, out]) => `${op} ${one} ${two} > ${out}`);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const graph = graphOf(lines, [tensor("w", [1, 1, 5, 5])]);
        expect(kindsOf(graph)).toHaveLength(lines.length);
      }),
    );
  });
});
