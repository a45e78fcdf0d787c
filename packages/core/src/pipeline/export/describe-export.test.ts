import { describe, expect, it } from "vitest";
import { smallCheckpoint } from "../../../../../tests/support/small-checkpoint.js";
import { sha256 } from "../../../../../tests/support/small-model.js";
import { readCheckpoint } from "../../checkpoint/read-checkpoint.js";
import { importCheckpoint } from "../import/import-checkpoint.js";
import { describeExport, exportedSteps } from "./describe-export.js";
import type { ExportOptions } from "./export-forms.js";
import { exportModel } from "./export-model.js";
import { readExportNotes } from "./export-notes.js";

const content = smallCheckpoint({ method: "padim", version: "0.7", saved: "lightning" });
const file = { name: "model.ckpt", bytes: content.length, content };
const model = importCheckpoint({ checkpoint: readCheckpoint(content, "x"), file, subject: "x", sha256 });

function described(options: ExportOptions) {
  const { onnx } = exportModel(model, options);
  const notes = readExportNotes(onnx, "x")!;
  return { description: describeExport(onnx, notes, "x"), notes, onnx };
}

describe("describeExport", () => {
  it("takes raw outputs and thresholds of our form, preprocessing as it was exported", () => {
    const { description } = described({});
    expect(description).toMatchObject({
      outputs: { map: "anomaly_map", score: "pred_score", label: null },
      scoreSource: "output",
      imageThreshold: 3.5,
      pixelThreshold: 2.25,
      input: { name: "input", width: 32, height: 32 },
      preprocessing: model.manifest.passes[0]!.preprocessing,
    });
    const inside = described({ preprocessing: "inside" }).description;
    expect([inside.preprocessing, inside.input.width]).toEqual([[], null]);
  });

  it("takes the map's maximum of Anomalib 0.7's form, and the graph's decisions of 2.x's", () => {
    expect(described({ form: "anomalib-0.7" }).description).toMatchObject({
      outputs: { map: "output", score: null },
      scoreSource: "map-max",
    });
    const { description, notes } = described({ form: "anomalib-2" });
    expect(description).toMatchObject({
      outputs: { label: "pred_label", mask: "pred_mask" },
      normalisation: { method: "in-graph" },
      imageThreshold: 0.5,
    });
    expect(exportedSteps(notes)).toEqual([[{ type: "toFloat", maxValue: 255 }]]);
  });

  it("refuses several inputs", () => {
    const { notes, onnx } = described({});
    const [input] = onnx.graph.inputs;
    const two = { ...onnx, graph: { ...onnx.graph, inputs: [input!, input!] } };
    expect(() => describeExport(two, notes, "x")).toThrow(/inside.*2 inputs.*MODEL_INPUT/);
  });
});
