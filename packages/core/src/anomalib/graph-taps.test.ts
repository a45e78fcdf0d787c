import { describe, expect, it } from "vitest";
import {
  floats,
  ints,
  node,
  type ShortAttributes,
  smallModel,
} from "../../../../tests/support/small-onnx.js";
import { indexGraph } from "../onnx/graph-index.js";
import { knownShapes } from "../onnx/known-shapes.js";
import type { OnnxNode } from "../onnx/onnx-model.js";
import { graphTaps } from "./graph-taps.js";

const NEAREST = { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" };

/** Two layers: one on the grid of `fine` cells, one of `coarse` cells enlarged to it. */
function tapsOf(fine: number, coarse: number, grid = fine) {
  const { graph } = smallModel({
    nodes: [
      node("Relu", ["x"], "a"),
      node("Relu", ["y"], "b"),
      node("Resize", ["b", "", "", "sizes"], "up", NEAREST),
      node("Concat", ["up", "a"], "taps", { axis: 1 }),
    ],
    initialisers: [ints("sizes", [4], [1, 2, fine, fine])],
  });
  const index = indexGraph(graph);
  const inputs = new Map([
    ["x", [1, 3, fine, fine]],
    ["y", [1, 2, coarse, coarse]],
  ]);
  const walk = { index, shapes: knownShapes(index, inputs), files: undefined };
  const expected = {
    batch: 1,
    width: grid,
    height: grid,
    averaged: false,
    enlargement: ["nearest"],
  } as const;
  return graphTaps(walk, "taps", expected).taps;
}

describe("graphTaps", () => {
  it("gives the layers in the order of the concatenation", () => {
    expect(tapsOf(64, 16)).toEqual([
      { name: "b", channels: 2, width: 16, height: 16 },
      { name: "a", channels: 3, width: 64, height: 64 },
    ]);
  });

  it.each([
    [75, 38],
    [75, 19],
    [56, 7],
    [1, 1],
  ])("takes %i cells enlarged from %i", (fine, coarse) => expect(tapsOf(fine, coarse)).toHaveLength(2));

  it("refuses a ratio where float32 falls on another cell than whole numbers", () => {
    const wrong = Array.from({ length: 200 }, (_, i) => i + 2).filter((fine) => {
      try {
        return tapsOf(fine, Math.ceil((fine * 5) / 7)).length === 0;
      } catch {
        return true;
      }
    });
    expect(wrong.length).toBeGreaterThan(0);
    for (const fine of wrong)
      expect(() => tapsOf(fine, Math.ceil((fine * 5) / 7))).toThrowError(
        expect.objectContaining({ expected: expect.stringContaining("float32") }),
      );
  });

  it("refuses layers finer than the grid, and a grid that none has", () => {
    for (const broken of [() => tapsOf(8, 16), () => tapsOf(8, 4, 16)])
      expect(broken).toThrowError(expect.objectContaining({ code: "MODEL_ENGINE" }));
  });
});

describe("graphTaps of PatchCore", () => {
  const same = { kernel_shape: [3, 3], strides: [1, 1] };
  const own = node("AveragePool", ["a"], "pooled a", { ...same, pads: [1, 1, 1, 1], count_include_pad: 1 });
  const behind = [
    node("Pad", ["b", "border"], "padded b"),
    node("AveragePool", ["padded b"], "pooled b", { ...same, pads: [0, 0, 0, 0] }),
  ];
  const linear = { mode: "linear", coordinate_transformation_mode: "half_pixel" };

  /** A layer of 8 × 8 and two coarser ones that are enlarged in one way each. */
  function averaged(first: OnnxNode, second: readonly OnnxNode[], ways: readonly ShortAttributes[]) {
    const { graph } = smallModel({
      nodes: [
        ...["a", "b", "c"].map((name) => node("Relu", [`${name} in`], name)),
        first,
        ...second,
        node("AveragePool", ["c"], "pooled c", { ...same, pads: [1, 1, 1, 1], count_include_pad: 1 }),
        node("Resize", ["pooled b", "", "", "sizes"], "up b", ways[0]),
        node("Resize", ["pooled c", "", "", "sizes"], "up c", ways[1]),
        node("Concat", ["pooled a", "up b", "up c"], "taps", { axis: 1 }),
      ],
      initialisers: [
        ints("sizes", [4], [2, 2, 8, 8]),
        ints("border", [8], [0, 0, 1, 1, 0, 0, 1, 1]),
        ints("wide", [8], [0, 0, 2, 2, 0, 0, 2, 2]),
        floats("one", [], [1]),
      ],
    });
    const index = indexGraph(graph);
    const inputs = new Map([
      ["a in", [2, 3, 8, 8]],
      ["b in", [2, 2, 4, 4]],
      ["c in", [2, 2, 2, 2]],
    ]);
    const walk = { index, shapes: knownShapes(index, inputs), files: undefined };
    const enlargement = ["nearest", "bilinear"] as const;
    return graphTaps(walk, "taps", { batch: 2, width: 8, height: 8, averaged: true, enlargement });
  }

  it("takes both spellings of the local mean, and both ways of enlarging", () => {
    const taps = [
      { name: "a", channels: 3, width: 8, height: 8 },
      { name: "b", channels: 2, width: 4, height: 4 },
      { name: "c", channels: 2, width: 2, height: 2 },
    ];
    expect(averaged(own, behind, [linear, linear])).toEqual({ taps, enlargement: "bilinear" });
    expect(averaged(own, behind, [NEAREST, NEAREST])).toEqual({ taps, enlargement: "nearest" });
  });

  it.each<[string, OnnxNode, readonly OnnxNode[], readonly ShortAttributes[]]>([
    ["two ways at once", own, behind, [linear, NEAREST]],
    ["no mean", node("Identity", ["a"], "pooled a"), behind, [linear, linear]],
    [
      "a mean that leaves the border out",
      node("AveragePool", ["a"], "pooled a", { ...same, pads: [1, 1, 1, 1] }),
      behind,
      [linear, linear],
    ],
    [
      "a mean over 2 × 2",
      node("AveragePool", ["a"], "pooled a", {
        kernel_shape: [2, 2],
        pads: [0, 0, 1, 1],
        count_include_pad: 1,
      }),
      behind,
      [linear, linear],
    ],
    [
      "a border of ones",
      own,
      [node("Pad", ["b", "border", "one"], "padded b"), behind[1] as OnnxNode],
      [linear, linear],
    ],
    [
      "a wider border",
      own,
      [node("Pad", ["b", "wide"], "padded b"), behind[1] as OnnxNode],
      [linear, linear],
    ],
  ])("refuses %s", (_, first, second, ways) => {
    expect(() => averaged(first, second, ways)).toThrowError(
      expect.objectContaining({ code: "MODEL_ENGINE" }),
    );
  });
});
