import { expect, it } from "vitest";
import { smallImported } from "../../../../../tests/support/small-model.js";
import { type ExportNotes, noteProperties, readExportNotes } from "./export-notes.js";

const { manifest } = smallImported();
const notes: ExportNotes = {
  form: "anomalib-2",
  profile: "anomalib-0.7",
  preprocessing: { place: "inside", steps: manifest.passes.map(({ preprocessing }) => preprocessing) },
  map: { ...manifest.size, ...manifest.map },
  scale: { image: { threshold: 3, range: { min: 0, max: 6 } }, pixel: null },
  raw: { map: "Add_1", score: "Max_2", inputs: ["Mul_3"] },
  model: { kind: "padim", task: "segmentation", precision: "int8" },
  parity: [{ seed: 1, inputs: ["ab"], rawScore: 1, rawMap: [1, 2] }],
  identity: { backbone: "a", statistics: "b", preprocessing: "c", decision: "d" },
  leftBehind: ["Explanations."],
  warnings: ["By force."],
};

it("reads back what was written, and knows other graphs", () => {
  const metadataProps = noteProperties(notes);
  expect(metadataProps.map(({ key }) => key)).toContain("blemish.left-behind");
  expect(readExportNotes({ metadataProps }, "x")).toEqual(notes);
  expect(readExportNotes({ metadataProps: [{ key: "author", value: "{}" }] }, "x")).toBe(null);
});

it("names the property that is missing or damaged", () => {
  const properties = noteProperties(notes);
  for (const { key } of properties.filter((one) => one.key !== "blemish.form")) {
    const broken = properties.map((one) => (one.key === key ? { key, value: '{"a": 1' } : one));
    expect(() => readExportNotes({ metadataProps: broken }, "x")).toThrow(new RegExp(`${key}.*MODEL_BROKEN`));
  }
  const without = properties.filter(({ key }) => key !== "blemish.scale");
  expect(() => readExportNotes({ metadataProps: without }, "x")).toThrow(/blemish.scale/);
});
