import { describe, expect, it } from "vitest";
import { floats, ints, node, smallModel } from "../../../../tests/support/small-onnx.js";
import { indexGraph } from "../onnx/graph-index.js";
import type { OnnxNode } from "../onnx/onnx-model.js";
import { findPatchcore } from "./find-patchcore.js";

const before = [
  node("AveragePool", ["input"], "pooled"),
  node("Transpose", ["pooled"], "moved", { perm: [0, 2, 3, 1] }),
  node("Reshape", ["moved", "shape"], "patches"),
];
const after = [
  node("Sqrt", ["product"], "distance"),
  node("Constant", [], "k", { value: ints("", [1], [9]) }),
  node("TopK", ["distance", "k"], "nearest"),
];
const find = (nodes: readonly OnnxNode[], initialisers = [floats("bank", [7, 3])]) =>
  findPatchcore(indexGraph(smallModel({ initialisers, nodes }).graph));

describe("findPatchcore", () => {
  const upright = [
    ...before,
    node("Transpose", ["bank"], "turned", { perm: [1, 0] }),
    node("MatMul", ["patches", "turned"], "product"),
    ...after,
  ];

  it("a memory bank that is transposed in the graph", () => {
    expect(find(upright)).toMatchObject({
      rows: 7,
      columns: 3,
      neighbours: 9,
      embedding: "pooled",
      memoryBank: { name: "bank" },
    });
  });

  it("counts its neighbours by the largest choice, where the nearest patch is one, too", () => {
    const one = node("Constant", [], "one", { value: ints("", [1], [1]) });
    const nearest = node("TopK", ["distance", "one"], "nearest one");
    expect(find([...upright, one, nearest])?.neighbours).toBe(9);
    expect(find([...upright.slice(0, -1), one, nearest, ...after.slice(-1)])?.neighbours).toBe(9);
  });

  it("a transposed copy, with and without the bank beside it, and patches searched in slices", () => {
    const nodes = [
      ...before,
      node("Slice", ["patches"], "some"),
      node("MatMul", ["some", "turned"], "product"),
      ...after,
    ];
    const folded = floats("turned", [3, 7]);
    expect(find(nodes, [folded])).toMatchObject({ rows: 7, columns: 3, memoryBank: { name: "turned" } });
    expect(find(nodes, [folded, floats("bank", [7, 3])])).toMatchObject({
      rows: 7,
      memoryBank: { name: "bank" },
    });
  });

  it("is not fooled by a linear layer, another order of axes or a convolution in between", () => {
    expect(find(upright.filter(({ opType }) => opType !== "Sqrt"))).toBeNull();
    expect(find(upright.filter(({ opType }) => opType !== "TopK"))).toBeNull();
    expect(
      find(upright.map((one) => (one.outputs[0] === "pooled" ? { ...one, opType: "Conv" } : one))),
    ).toBeNull();
    const swapped = node("Transpose", ["pooled"], "moved", { perm: [0, 2, 1, 3] });
    expect(find(upright.map((one) => (one.outputs[0] === "moved" ? swapped : one)))).toBeNull();
    expect(find(upright, [floats("bank", [7, 3, 1])])).toBeNull();
  });
});
