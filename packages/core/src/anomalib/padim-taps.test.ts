import { describe, expect, it } from "vitest";
import { ints, node, smallModel } from "../../../../tests/support/small-onnx.js";
import { indexGraph } from "../onnx/graph-index.js";
import { knownShapes } from "../onnx/known-shapes.js";
import { padimTaps } from "./padim-taps.js";

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
  return padimTaps(walk, "taps", { width: grid, height: grid });
}

describe("padimTaps", () => {
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
