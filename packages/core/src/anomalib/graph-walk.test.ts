import { describe, expect, it } from "vitest";
import { BOOL, floats, ints, node, smallModel } from "../../../../tests/support/small-onnx.js";
import { indexGraph } from "../onnx/graph-index.js";
import { knownShapes } from "../onnx/known-shapes.js";
import type { OnnxNode, OnnxTensor } from "../onnx/onnx-model.js";
import {
  constant,
  dataAndConstant,
  type GraphWalk,
  nodeBehind,
  resizeWords,
  resolved,
  sameDims,
  shapeOf,
} from "./graph-walk.js";

function walkOf(nodes: OnnxNode[], initialisers: OnnxTensor[] = []): GraphWalk {
  const index = indexGraph(smallModel({ nodes, initialisers }).graph);
  return { index, shapes: knownShapes(index, new Map([["input", [1, 1, 8, 8]]])), files: undefined };
}

const yes: OnnxTensor = {
  name: "yes",
  dataType: BOOL,
  dims: [],
  payload: { kind: "raw", bytes: Uint8Array.of(1) },
};

describe("resolved", () => {
  it("looks behind what changes no number", () => {
    const walk = walkOf(
      [
        node("Relu", ["input"], "a"),
        node("Identity", ["a"], "b"),
        node("Reshape", ["b", "same"], "c"),
        node("Where", ["yes", "c", "other"], "d"),
        node("Reshape", ["d", "flat"], "e"),
      ],
      [yes, ints("same", [4], [1, 1, 8, 8]), ints("flat", [2], [8, 8]), floats("other", [], [0])],
    );
    expect(resolved(walk, "d")).toBe("a");
    expect(resolved(walk, "e")).toBe("e");
    expect(nodeBehind(walk, "d", ["Relu"], "a Relu").outputs).toEqual(["a"]);
  });

  it("ends in a ring of nodes", () => {
    const walk = walkOf([node("Identity", ["b"], "a"), node("Identity", ["a"], "b")]);
    expect(["a", "b"]).toContain(resolved(walk, "a"));
  });
});

describe("nodeBehind and shapeOf refuse", () => {
  const walk = walkOf([node("Mystery", ["input"], "a"), node("Relu", ["a"], "b")]);
  it("other operations", () => {
    expect(() => nodeBehind(walk, "b", ["Sqrt"], "a root")).toThrowError(
      expect.objectContaining({
        code: "MODEL_ENGINE",
        expected: "a root",
        found: "the operation Relu there",
      }),
    );
    expect(() => nodeBehind(walk, "input", ["Sqrt"], "a root")).toThrowError(
      expect.objectContaining({ found: "the value input there" }),
    );
  });
  it("shapes that cannot be told, naming the operation that hides them", () => {
    expect(() => shapeOf(walk, "b", "the map")).toThrowError(
      expect.objectContaining({ found: "the operation Mystery before it (a)" }),
    );
    expect(shapeOf(walk, "input", "the picture")).toEqual([1, 1, 8, 8]);
  });
});

it("constants of one number", () => {
  const walk = walkOf(
    [
      node("Add", ["input", "half"], "a"),
      node("Add", ["half", "input"], "b"),
      node("Add", ["half", "half"], "c"),
    ],
    [floats("half", [], [0.5]), floats("two", [2]), floats("nan", [], [Number.NaN])],
  );
  expect([constant(walk, "half"), constant(walk, "two"), constant(walk, "nan"), constant(walk, "")]).toEqual([
    0.5,
    null,
    null,
    null,
  ]);
  const [a, b, c] = walk.index.graph.nodes as [OnnxNode, OnnxNode, OnnxNode];
  expect(dataAndConstant(walk, a)).toEqual({ data: "input", value: 0.5 });
  expect(dataAndConstant(walk, b)).toEqual({ data: "input", value: 0.5 });
  expect(dataAndConstant(walk, c)).toBe(null);
});

describe("resizeWords", () => {
  const sizes = ints("sizes", [4], [1, 1, 16, 16]);
  const wordsOf = (inputs: string[], attributes: Record<string, string | number> = {}) => {
    const one = node("Resize", inputs, "y", attributes);
    return resizeWords(walkOf([one], [sizes, floats("none", [0]), floats("twice", [4])]), one, "a map");
  };
  it("gives ONNX's defaults where attributes are left out", () => {
    const defaults = { mode: "nearest", coordinates: "half_pixel", nearest: "round_prefer_floor" };
    expect(wordsOf(["input", "", "", "sizes"])).toEqual(defaults);
    expect(wordsOf(["input", "none", "none", "sizes"])).toEqual(defaults);
  });
  it.each([
    [["input", "", "twice"], {}],
    [["input", "", "twice", "sizes"], {}],
    [["input", "", "", "sizes"], { antialias: 1 }],
    [["input", "", "", "sizes"], { keep_aspect_ratio_policy: "not_larger" }],
    [["input", "", "", "missing"], {}],
  ])("refuses %j %j", (inputs, attributes) => {
    expect(() => wordsOf(inputs, attributes)).toThrowError(expect.objectContaining({ code: "MODEL_ENGINE" }));
  });
});

it("sameDims knows that unknown is not equal", () => {
  expect(sameDims([1, 2], [1, 2])).toBe(true);
  expect(sameDims([1, 2], [1, 2, 3])).toBe(false);
  expect(sameDims(undefined, undefined)).toBe(false);
});
