import { describe, expect, it } from "vitest";
import { floats, node, port } from "../../../../tests/support/small-onnx.js";
import { type WholeParts, wholePadim2 } from "../../../../tests/support/whole-padim.js";
import { indexGraph } from "../onnx/graph-index.js";
import { knownShapes } from "../onnx/known-shapes.js";
import type { OnnxValue } from "../onnx/onnx-model.js";
import { graphEnd, namedOutputs } from "./graph-decisions.js";

function endOf(changed: WholeParts = {}, outputs?: readonly OnnxValue[]) {
  const { graph } = wholePadim2(changed);
  const index = indexGraph(outputs === undefined ? graph : { ...graph, outputs });
  const shapes = knownShapes(index, new Map([["input", [1, 3, 40, 50]]]));
  return graphEnd({ index, shapes, files: undefined });
}

describe("graphEnd", () => {
  const whole = {
    map: "raw",
    score: "highest",
    normaliser: { image: { threshold: 3, range: 4 }, pixel: { threshold: 2.5, range: 5 } },
    decisions: { image: 0.5, pixel: 0.5 },
  };

  it("finds thresholds, ranges and decisions", () => expect(endOf()).toEqual(whole));

  it("takes a Min and a Max for the cut, in either order", () => {
    const { graph } = wholePadim2();
    for (const [first, second] of [
      ["Min", "Max"],
      ["Max", "Min"],
    ] as const) {
      const bound = { Min: "one", Max: "zero" };
      const nodes = graph.nodes.flatMap((one) =>
        one.outputs[0] === "pred_score"
          ? [
              node(first, ["image.add", bound[first]], "cut once"),
              node(second, [bound[second], "cut once"], "pred_score"),
            ]
          : [one],
      );
      const index = indexGraph({ ...graph, nodes });
      const shapes = knownShapes(index, new Map([["input", [1, 3, 40, 50]]]));
      expect(graphEnd({ index, shapes, files: undefined })).toEqual(whole);
    }
  });

  it("takes a factor and a shift, as converters fold it", () => {
    const found = endOf({
      nodes: {
        "pixel.div": node("Mul", ["raw", "pixel.range"], "pixel.div"),
        "pixel.add": node("Add", ["pixel.div", "pixel.threshold"], "pixel.add"),
      },
      initialisers: {
        "pixel.range": floats("pixel.range", [1, 1, 1, 1], [0.25]),
        "pixel.threshold": floats("pixel.threshold", [1, 1, 1, 1], [-0.5]),
      },
    });
    expect(found.normaliser.pixel).toEqual({ threshold: 4, range: 4 });
    expect(found.map).toBe("raw");
  });

  it("has no pixel decision without a mask", () => {
    const outputs = wholePadim2().graph.outputs.filter(({ name }) => name !== "pred_mask");
    expect(endOf({}, outputs).decisions).toEqual({ image: 0.5, pixel: null });
  });

  it("refuses outputs that are missing or more", () => {
    const { outputs } = wholePadim2().graph;
    for (const changed of [outputs.slice(1), outputs.slice(0, 2), [...outputs, port("raw", null)]])
      expect(() => endOf({}, changed)).toThrowError(expect.objectContaining({ code: "MODEL_ENGINE" }));
  });
});

it("namedOutputs knows 2.x by its names", () => {
  expect(namedOutputs([port("output", null)])).toBe(false);
  expect(namedOutputs([port("anomaly_map", null)])).toBe(true);
});
