import { expect, it } from "vitest";
import { smallCheckpoint } from "../../../../../tests/support/small-checkpoint.js";
import { sha256 } from "../../../../../tests/support/small-model.js";
import { readCheckpoint } from "../../checkpoint/read-checkpoint.js";
import { importCheckpoint } from "../import/import-checkpoint.js";
import { exportModel } from "./export-model.js";
import { readExportNotes } from "./export-notes.js";
import { withInnerValues } from "./with-inner-values.js";

it("adds the raw values that are no outputs yet, each once", () => {
  const content = smallCheckpoint({ method: "padim", version: "0.7", saved: "lightning" });
  const file = { name: "model.ckpt", bytes: content.length, content };
  const model = importCheckpoint({ checkpoint: readCheckpoint(content, "x"), file, subject: "x", sha256 });
  const { onnx } = exportModel(model, { form: "anomalib-2" });
  const notes = readExportNotes(onnx, "x")!;
  const names = (one: typeof onnx) => one.graph.outputs.map(({ name }) => name);
  const more = withInnerValues(onnx, notes);
  expect(names(more)).toEqual([...names(onnx), notes.raw.map, notes.raw.score, ...notes.raw.inputs]);
  expect(names(withInnerValues(more, notes))).toEqual(names(more));
  expect(more.graph.nodes).toBe(onnx.graph.nodes);
});
