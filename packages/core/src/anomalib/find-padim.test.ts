import { describe, expect, it } from "vitest";
import { floats, ints, node, smallModel, smallPadim } from "../../../../tests/support/small-onnx.js";
import { indexGraph } from "../onnx/graph-index.js";
import type { OnnxModel } from "../onnx/onnx-model.js";
import { findGrid, findPadim } from "./find-padim.js";

/** The small PaDiM with one node changed. */
function changed(output: string, change: object): OnnxModel {
  const model = smallPadim();
  const nodes = model.graph.nodes.map((one) => (one.outputs[0] === output ? { ...one, ...change } : one));
  return { ...model, graph: { ...model.graph, nodes } };
}

describe("findPadim", () => {
  it("names the tensors of the head", () => {
    const parts = findPadim(indexGraph(smallPadim().graph));
    expect(parts).toMatchObject({ cells: 64, channels: 3, embedding: "taps" });
    expect([parts?.indices.name, parts?.mean?.name, parts?.inverseCovariance.name]).toEqual([
      "idx",
      "mean",
      "inv_cov",
    ]);
  });

  it("finds them in Constant nodes as well", () => {
    const model = smallPadim();
    const tensors = model.graph.initialisers.map((tensor) =>
      node("Constant", [], tensor.name, { value: { ...tensor, name: "" } }),
    );
    const graph = { ...model.graph, initialisers: [], nodes: [...tensors, ...model.graph.nodes] };
    expect(findPadim(indexGraph(graph))).toMatchObject({ cells: 64, channels: 3, embedding: "taps" });
  });

  it("is not fooled by other products", () => {
    expect(findPadim(indexGraph(smallModel().graph))).toBeNull();
    expect(findPadim(indexGraph(changed("delta", { opType: "Conv" }).graph))).toBeNull();
    expect(findPadim(indexGraph(changed("chosen", { inputs: ["taps", "elsewhere"] }).graph))).toBeNull();
    expect(findPadim(indexGraph(changed("product", { inputs: ["columns", "mean"] }).graph))).toBeNull();
  });
});

describe("findGrid", () => {
  const grid = (
    initialisers: Parameters<typeof ints>[2][],
    cells: number,
    input: { height: number; width: number } | null,
  ) => {
    const tensors = initialisers.map((values, i) => ints(`s${i}`, [values.length], values));
    return findGrid(indexGraph(smallModel({ initialisers: tensors }).graph), cells, 4, input);
  };

  it("from a constant shape, from the input's size, or square", () => {
    expect(
      grid(
        [
          [5, 6],
          [1, 1, 8, 12],
        ],
        96,
        null,
      ),
    ).toEqual({ height: 8, width: 12 });
    expect(grid([], 6, { height: 9, width: 5 })).toEqual({ height: 3, width: 2 });
    expect(grid([], 64, { height: 9, width: 5 })).toEqual({ height: 8, width: 8 });
    expect(grid([], 63, null)).toBeNull();
    expect(
      findGrid(indexGraph(smallModel({ initialisers: [floats("f", [2], [8, 8])] }).graph), 65, 4, null),
    ).toBeNull();
  });
});
