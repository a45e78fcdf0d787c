import { expect, it } from "vitest";
import { runGraph } from "../../../../../tests/support/run-graph.js";
import { normaliseScore } from "../../stages/postprocess/normalise.js";
import { decisionNodes, normalisedNodes } from "./decision-nodes.js";
import { graphBuilder } from "./graph-builder.js";

it("decides from the threshold on, and normalises as the pipeline does", async () => {
  const values = Float32Array.of(0, 1.9999, 2, 2.5, 3, 9);
  const builder = graphBuilder(11);
  decisionNodes(
    builder,
    { map: "x", score: "x" },
    { imageThreshold: 2, pixelThreshold: 3 },
    { label: "l", mask: "m" },
  );
  normalisedNodes(builder, "x", 2, { min: 0, max: 4 }, "n");
  const x = { data: values, shape: [1, 6] };
  const [label, mask, normalised] = await runGraph(builder, { x }, ["l", "m", "n"]);
  expect(Array.from(label!.data, Boolean)).toEqual([false, false, true, true, true, true]);
  expect(Array.from(mask!.data, Boolean)).toEqual([false, false, false, false, true, true]);
  const scale = { method: "min_max", image: { min: 0, max: 4 }, pixel: { min: 0, max: 4 } } as const;
  values.forEach((value, i) => {
    expect(normalised!.data[i]).toBeCloseTo(normaliseScore(value, 2, scale), 6);
  });
});

it("makes nothing that has no name or no threshold", () => {
  const builder = graphBuilder(17);
  decisionNodes(
    builder,
    { map: "x", score: "x" },
    { imageThreshold: null, pixelThreshold: 1 },
    { label: "l", mask: null },
  );
  expect(builder.nodes).toEqual([]);
});
