import { describe, expect, it } from "vitest";
import { ints, node, type ShortAttributes, smallModel } from "../../../../tests/support/small-onnx.js";
import { indexGraph } from "../onnx/graph-index.js";
import { knownShapes } from "../onnx/known-shapes.js";
import type { Upsampling } from "../stages/score-map/smoothing.js";
import { enlargementOf } from "./enlargement.js";

const NEAREST = { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" };
const LINEAR = { mode: "linear", coordinate_transformation_mode: "half_pixel" };
const BOTH = ["nearest", "bilinear"] as const;

function wayOf(attributes: ShortAttributes, ways: readonly Upsampling[] = BOTH, from = 4, to = 8) {
  const resize = node("Resize", ["x", "", "", "sizes"], "y", attributes);
  const index = indexGraph(
    smallModel({ nodes: [resize], initialisers: [ints("sizes", [4], [1, 2, to, to])] }).graph,
  );
  const shapes = knownShapes(index, new Map([["x", [1, 2, from, from]]]));
  return enlargementOf({ index, shapes, files: undefined }, resize, "layers", ways);
}

describe("enlargementOf", () => {
  it("tells the two ways of torch", () => {
    expect(wayOf(NEAREST)).toBe("nearest");
    expect(wayOf(LINEAR)).toBe("bilinear");
    expect(wayOf({ ...LINEAR, coordinate_transformation_mode: "pytorch_half_pixel" })).toBe("bilinear");
  });

  it.each([
    [{ ...NEAREST, nearest_mode: "round_prefer_floor" }, BOTH, "nearest, asymmetric, round_prefer_floor"],
    [{ ...NEAREST, coordinate_transformation_mode: "half_pixel" }, BOTH, "nearest, half_pixel, floor"],
    [{ ...LINEAR, coordinate_transformation_mode: "align_corners" }, BOTH, "linear, align_corners"],
    [{ ...LINEAR, mode: "cubic" }, BOTH, "cubic, half_pixel"],
    [LINEAR, ["nearest"] as const, "linear, half_pixel"],
    [NEAREST, ["bilinear"] as const, "nearest, asymmetric, floor"],
  ])("refuses %j where %j is taken", (attributes, ways, found) => {
    expect(() => wayOf(attributes, ways)).toThrowError(
      expect.objectContaining({ code: "MODEL_ENGINE", found }),
    );
  });

  it("refuses sizes at which repeating rounds differently in float32", () => {
    const wrong = Array.from({ length: 200 }, (_, i) => i + 2).find((to) => {
      const [from, scale] = [Math.ceil((to * 5) / 7), Math.fround(to / Math.ceil((to * 5) / 7))];
      return Array.from({ length: to }, (__, at) => at).some(
        (at) => Math.floor(Math.fround(at / scale)) !== Math.floor((at * from) / to),
      );
    });
    if (wrong === undefined) throw new Error("such a size");
    expect(() => wayOf(NEAREST, BOTH, Math.ceil((wrong * 5) / 7), wrong)).toThrowError(/float32/);
    expect(wayOf(LINEAR, BOTH, Math.ceil((wrong * 5) / 7), wrong)).toBe("bilinear");
  });
});
