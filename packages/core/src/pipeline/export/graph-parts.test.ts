import { describe, expect, it } from "vitest";
import { runGraph } from "../../../../../tests/support/run-graph.js";
import { smallFusion } from "../../../../../tests/support/small-fusion.js";
import { detectorsOf } from "../../bundle/detectors-of.js";
import type { DetectorManifest } from "../../bundle/manifest.js";
import { createArena } from "../../kernels/arena.js";
import { ONNX_TYPE } from "../../onnx/data-types.js";
import type { OnnxModel } from "../../onnx/onnx-model.js";
import { seededRandom } from "../../random.js";
import { embed } from "../../stages/embedding/embed.js";
import { detectorBytes, embeddingSpec, headBytes, learnedScorer } from "../learned-detector.js";
import { graphBuilder } from "./graph-builder.js";
import { modelNodes, neighboursOf } from "./graph-parts.js";

/** A network that gives its input: the small model's tap, 2 channels at stride 16, is what the test feeds. */
const IDENTITY: OnnxModel = {
  irVersion: 8,
  producerName: "test",
  producerVersion: "",
  opsets: [{ domain: "", version: 17 }],
  metadataProps: [],
  graph: {
    name: "identity",
    nodes: [{ name: "s3", opType: "Identity", domain: "", inputs: ["x"], outputs: ["s3"], attributes: [] }],
    initialisers: [],
    inputs: [{ name: "x", elementType: ONNX_TYPE.float32, dims: null }],
    outputs: [{ name: "s3", elementType: ONNX_TYPE.float32, dims: null }],
    valueInfo: [],
  },
};

describe("a whole model as nodes", () => {
  it.each([false, true])("says what the engine says, two inputs: %s", async (twoInputs) => {
    const model = smallFusion({ twoInputs });
    const { manifest } = model;
    const scorer = learnedScorer(model, createArena(detectorBytes(manifest) + headBytes(model)));
    const builder = graphBuilder(17);
    const names = manifest.passes.map((_, i) => `tensor${i}`);
    const random = seededRandom(3);
    const feeds = Object.fromEntries(
      manifest.passes.map(({ detectors }, i) => {
        const { width, height } = detectors[0]!.grid;
        const data = Float32Array.from({ length: 2 * width * height }, () => 30 * random.normal());
        return [names[i]!, { data, shape: [1, 2, height, width] }];
      }),
    );
    let number = 0;
    for (const [i, { detectors }] of manifest.passes.entries())
      for (const detector of detectors) {
        const spec = embeddingSpec(detector, model.detectors[number]!);
        scorer.embeddings[number++]!.set(embed([feeds[names[i]!]!], spec).data);
      }
    const wanted = scorer.scoredMap();
    const { map, score } = modelNodes(builder, model, IDENTITY, names);
    const [found, scored] = await runGraph(builder, feeds, [map, score]);
    expect(found?.shape).toEqual([1, 1, manifest.size.height, manifest.size.width]);
    found?.data.forEach((value, at) => {
      expect(Math.abs(value - wanted.map.data[at]!)).toBeLessThan(1e-3);
    });
    expect(Math.abs(scored!.data[0]! / wanted.score - 1)).toBeLessThan(1e-5);
  });
});

it("only Anomalib's banks have neighbours", () => {
  const [bank] = detectorsOf(smallFusion().manifest) as [DetectorManifest];
  expect(neighboursOf(bank)).toBe(null);
  expect(
    neighboursOf({ ...bank, head: { kind: "patchcore", rows: 3, precision: "int8", neighbours: 9 } }),
  ).toBe(9);
});
