import { describe, expect, it } from "vitest";
import { floats, ints, node, smallModel } from "../../../../tests/support/small-onnx.js";
import { indexGraph } from "../onnx/graph-index.js";
import { knownShapes } from "../onnx/known-shapes.js";
import type { OnnxNode } from "../onnx/onnx-model.js";
import type { GraphWalk } from "./graph-walk.js";
import { pairDistances, squaredLengthsOf, turnedBack } from "./pair-distances.js";

/** Distances of x `[5, 3]` from y `[7, 3]`, as 0.7 writes them; some nodes exchanged. */
function walkOf(changed: Readonly<Record<string, OnnxNode>> = {}): GraphWalk {
  const nodes = [
    node("Relu", ["input x"], "x"),
    node("Relu", ["input y"], "y"),
    node("Pow", ["x", "two"], "x2"),
    node("ReduceSum", ["x2"], "xx", { axes: [-1], keepdims: 1 }),
    node("Pow", ["y", "two"], "y2"),
    node("ReduceSum", ["y2"], "yy", { axes: [-1], keepdims: 1 }),
    node("Transpose", ["y"], "turned", { perm: [1, 0] }),
    node("MatMul", ["x", "turned"], "product"),
    node("Mul", ["product", "two"], "twice"),
    node("Sub", ["xx", "twice"], "difference"),
    node("Transpose", ["yy"], "lengths", { perm: [1, 0] }),
    node("Add", ["difference", "lengths"], "squares"),
    node("Clip", ["squares", "zero"], "cut"),
    node("Sqrt", ["cut"], "distances"),
  ];
  const numbers = { zero: 0, two: 2, three: 3, "minus two": -2 };
  const initialisers = [
    ...Object.entries(numbers).map(([name, value]) => floats(name, [], [value])),
    ints("first", [1], [0]),
    ints("last", [1], [1]),
  ];
  const exchanged = nodes.map((one) => changed[one.outputs[0] ?? ""] ?? one);
  const index = indexGraph(smallModel({ nodes: exchanged, initialisers }).graph);
  const inputs = new Map([
    ["input x", [5, 3]],
    ["input y", [7, 3]],
  ]);
  return { index, shapes: knownShapes(index, inputs), files: undefined };
}

const found = { distances: "distances", rows: "x", turned: "turned", lengths: "lengths" };

describe("pairDistances", () => {
  it("takes the spellings of 0.7 and 2.7", () => {
    expect(pairDistances(walkOf(), "distances", "distances")).toEqual(found);
    const of27 = {
      twice: node("Mul", ["product", "minus two"], "twice"),
      difference: node("Add", ["twice", "xx"], "difference"),
    };
    expect(pairDistances(walkOf(of27), "distances", "distances")).toEqual(found);
  });

  it.each<[string, Record<string, OnnxNode>]>([
    ["squares as products", { x2: node("Mul", ["x", "x"], "x2") }],
    ["axes as an input", { xx: node("ReduceSum", ["x2", "last"], "xx") }],
    ["another order", { squares: node("Add", ["lengths", "difference"], "squares") }],
    ["a Max", { cut: node("Max", ["zero", "squares"], "cut") }],
    [
      "other brackets",
      {
        difference: node("Sub", ["lengths", "twice"], "difference"),
        squares: node("Add", ["xx", "difference"], "squares"),
      },
    ],
  ])("takes %s", (_, changed) => {
    // Nodes stand in the order of computation in a real file; here a lookup by name is all that is needed.
    expect(pairDistances(walkOf(changed), "distances", "distances")).toEqual(found);
  });

  it.each<[string, Record<string, OnnxNode>]>([
    ["a product that is added", { difference: node("Add", ["xx", "twice"], "difference") }],
    ["three times the product", { twice: node("Mul", ["product", "three"], "twice") }],
    ["lengths that are taken off", { squares: node("Sub", ["difference", "lengths"], "squares") }],
    ["cubes", { x2: node("Pow", ["x", "three"], "x2") }],
    ["lengths of others", { x2: node("Pow", ["y", "two"], "x2") }],
    ["sums over rows", { xx: node("ReduceSum", ["x2", "first"], "xx") }],
    ["sums that lose their axis", { xx: node("ReduceSum", ["x2"], "xx", { axes: [-1], keepdims: 0 }) }],
    ["a term more", { difference: node("Sub", ["squares", "twice"], "difference") }],
    ["a term less", { squares: node("Identity", ["difference"], "squares") }],
    ["no root", { distances: node("Exp", ["cut"], "distances") }],
  ])("refuses %s", (_, changed) => {
    expect(() => pairDistances(walkOf(changed), "distances", "distances")).toThrowError(
      expect.objectContaining({ code: "MODEL_ENGINE" }),
    );
  });
});

it("squaredLengthsOf and turnedBack name what they are of", () => {
  const walk = walkOf();
  expect([squaredLengthsOf(walk, "xx"), squaredLengthsOf(walk, "x2"), squaredLengthsOf(walk, "x")]).toEqual([
    "x",
    null,
    null,
  ]);
  expect(turnedBack(walk, "turned", "rows")).toBe("y");
  const other = walkOf({ turned: node("Transpose", ["y"], "turned", { perm: [0, 1] }) });
  expect(() => turnedBack(other, "turned", "rows")).toThrowError(/another transposition/);
  expect(() => turnedBack(walk, "x", "rows")).toThrowError(/Relu/);
});
