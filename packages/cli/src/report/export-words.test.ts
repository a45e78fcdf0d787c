import { exportModel, importCheckpoint, readCheckpoint } from "@blemish/core";
import { expect, it } from "vitest";
import { smallCheckpoint } from "../../../../tests/support/small-checkpoint.js";
import { sha256 } from "../../../../tests/support/small-model.js";
import { exportSection } from "./export-words.js";

it("says what one of our exports is, and nothing of other files", () => {
  const content = smallCheckpoint({ method: "padim", version: "0.7", saved: "lightning" });
  const file = { name: "model.ckpt", bytes: content.length, content };
  const model = importCheckpoint({ checkpoint: readCheckpoint(content, "x"), file, subject: "x", sha256 });
  const { onnx } = exportModel(model, { form: "anomalib-2" }, { sha256, warnings: ["By force."] });
  const section = exportSection(onnx)!;
  const rows = Object.fromEntries(section.rows);
  expect(rows).toMatchObject({ Preprocessing: "inside the graph", Samples: "none" });
  expect(rows.Form).toContain("anomalib-2");
  expect(rows["Image threshold"]).toContain("3.5");
  expect(rows["Hash of statistics"]).toMatch(/^[0-9a-f]{16}$/);
  expect(section.remarks).toContain("WARNING: By force.");
  expect(section.remarks.join()).toContain("Stayed behind");
  expect(exportSection({ metadataProps: [] })).toBe(null);
  expect(exportSection({ metadataProps: onnx.metadataProps.slice(0, 1) })).toBe(null);
});
