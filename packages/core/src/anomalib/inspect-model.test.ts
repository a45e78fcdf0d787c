import { describe, expect, it } from "vitest";
import { floats, node, SMALL_INDICES, smallModel, smallPadim } from "../../../../tests/support/small-onnx.js";
import type { OnnxTensor } from "../onnx/onnx-model.js";
import { describeModel } from "./describe-model.js";
import { inspectModel } from "./inspect-model.js";
import { parseMetadata } from "./metadata.js";

const metadata = parseMetadata(
  '{"task": "segmentation", "image_threshold": 5, "pixel_threshold": 4, "min": 0, "max": 10}',
  "m",
);

describe("inspectModel", () => {
  const model = smallPadim();
  const description = describeModel({ model, subject: "m", metadata });
  const facts = inspectModel({ model, fileBytes: 1234, description, metadata });

  it("is plain data that survives JSON", () => {
    expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
  });

  it("says what is in the file", () => {
    expect(facts).toMatchObject({
      producer: "tests 1",
      irVersion: 6,
      opsets: [{ domain: "", version: 11 }],
      inputs: [{ name: "input", type: "float32", shape: [1, 3, 32, 32] }],
      outputs: [{ name: "output", type: "float32", shape: [1, 1, 32, 32] }],
      nodes: 16,
      // w1 108, w2 288, idx 3, mean 192, inverse covariance 576, kernel 9, and two constant shapes of 4 and 3
      parameters: 108 + 288 + 3 + 192 + 576 + 9 + 7,
      bytes: { model: 1234, external: [], total: 1234 },
    });
    expect(facts.operators.slice(0, 3)).toEqual([
      { operator: "Conv", count: 3 },
      { operator: "Constant", count: 2 },
      { operator: "Relu", count: 2 },
    ]);
  });

  it("says what was recognised", () => {
    expect(facts).toMatchObject({
      profile: "anomalib-0.7",
      task: "segmentation",
      scoreSource: "map-max",
      details: { kind: "padim", channels: 3, channelIndices: SMALL_INDICES },
      thresholds: { image: 5, pixel: 4 },
      graphThresholds: null,
      normalisation: { method: "min_max", image: { min: 0, max: 10 }, pixel: { min: 0, max: 10 } },
      graphPreprocessing: { resize: null, mean: null, std: null },
    });
    expect(facts.preprocessing).toHaveLength(2);
  });

  it("any ONNX file can be inspected, without description and metadata", () => {
    const bare = inspectModel({
      model: smallModel({ inputs: [], outputs: [] }),
      fileBytes: 10,
      description: null,
      metadata: null,
    });
    expect(bare).toMatchObject({
      profile: null,
      task: null,
      normalisation: null,
      details: { kind: "unknown" },
      inputs: [],
      nodes: 0,
    });
  });

  it("counts operators of nested graphs and foreign domains, and external bytes", () => {
    const body = smallModel({
      nodes: [node("Relu", ["a"], "b"), { ...node("Fused", ["b"], "c"), domain: "com.example" }],
    }).graph;
    const outside: OnnxTensor = {
      ...floats("w", [4]),
      payload: { kind: "external", location: "w.data", offset: 8, length: 16 },
    };
    const nested = smallModel({
      initialisers: [outside],
      nodes: [
        { ...node("If", ["x"], "y"), attributes: [{ name: "then_branch", type: "graph", value: body }] },
      ],
    });
    const counted = inspectModel({ model: nested, fileBytes: 100, description: null, metadata: null });
    expect(counted.operators).toEqual([
      { operator: "If", count: 1 },
      { operator: "Relu", count: 1 },
      { operator: "com.example::Fused", count: 1 },
    ]);
    expect(counted.bytes).toEqual({ model: 100, external: [{ file: "w.data", bytes: 24 }], total: 124 });
    const files = new Map([["w.data", new Uint8Array(50)]]);
    expect(
      inspectModel({ model: nested, fileBytes: 100, description: null, metadata: null, externalFiles: files })
        .bytes.total,
    ).toBe(150);
  });

  it("per-pixel statistics are counted, not listed", () => {
    const cdf = parseMetadata(
      '{"image_mean": 1, "image_std": 2, "pixel_mean": [[1, 1]], "pixel_std": [[1, 1]]}',
      "m",
    );
    const counted = inspectModel({ model, fileBytes: 1, description: null, metadata: cdf });
    expect(counted.normalisation).toEqual({ method: "cdf", image: { mean: 1, std: 2 }, pixels: 2 });
  });
});
