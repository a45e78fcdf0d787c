import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BlemishError, type Judgement } from "@blemish/core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { jsonLine } from "./json-lines.js";
import { invalidLine, judgedLine } from "./result-line.js";

const schemaPath = join(import.meta.dirname, "../../../../docs/predict-result.schema.json");
const schema = JSON.parse(readFileSync(schemaPath, "utf8"));
const valid = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

const judgement: Judgement = {
  verdict: "anomalous",
  predScore: 0.73,
  rawScore: 23.4,
  imageThreshold: 14.2,
  pixelThreshold: 13.1,
  predLabel: true,
  normalised: true,
  anomalyMap: null,
  rawMap: { width: 1, height: 1, data: new Float32Array(1) },
  predMask: null,
  predBoxes: [[1, 2, 3, 4]],
  boxLabels: [1],
  boxScores: [0.9],
  regions: [{ box: [1, 2, 3, 4], area: 7, peak: { value: 0.9, x: 2, y: 3 }, centroid: { x: 2.5, y: 3 } }],
};
const context = { path: "a/b.png", model: "model.onnx", ms: 12.3456, thresholdGiven: false };
const nothing = { output: null, map: null, error: null };

describe("judgedLine", () => {
  it("fits the schema and holds no pixels", () => {
    const line = judgedLine(judgement, { width: 9, height: 8 }, context, {
      ...nothing,
      output: "out/a/b.png",
    });
    const parsed = JSON.parse(jsonLine(line));
    expect(valid(parsed), JSON.stringify(valid.errors)).toBe(true);
    expect(parsed).toMatchObject({
      verdict: "anomalous",
      rawScore: 23.4,
      ms: 12.35,
      thresholdFrom: "model",
      width: 9,
    });
    expect(parsed).not.toHaveProperty("rawMap");
  });
  it("fits the schema for a model with normalised values only, and with a given threshold", () => {
    const line = judgedLine(
      { ...judgement, rawScore: null, predBoxes: null, boxLabels: null, regions: [] },
      { width: 1, height: 1 },
      { ...context, thresholdGiven: true },
      nothing,
    );
    expect(valid(JSON.parse(jsonLine(line))), JSON.stringify(valid.errors)).toBe(true);
    expect(line.thresholdFrom).toBe("option");
  });
  it("keeps the verdict when a file could not be written", () => {
    const error = new BlemishError("OUTPUT_WRITE", { subject: "out/a/b.png" });
    const line = judgedLine(judgement, { width: 1, height: 1 }, context, { ...nothing, error });
    expect(valid(JSON.parse(jsonLine(line))), JSON.stringify(valid.errors)).toBe(true);
    expect(line).toMatchObject({ verdict: "anomalous", error: { code: "OUTPUT_WRITE" } });
  });
});

describe("invalidLine", () => {
  it("fits the schema and carries the error's code", () => {
    const line = invalidLine(new BlemishError("IMAGE_BROKEN", { subject: "a/b.png" }), context);
    expect(valid(JSON.parse(jsonLine(line))), JSON.stringify(valid.errors)).toBe(true);
    expect(line).toMatchObject({ verdict: "invalid", predScore: null, error: { code: "IMAGE_BROKEN" } });
  });
});

describe("the schema", () => {
  const line = judgedLine(judgement, { width: 9, height: 8 }, context, nothing);
  it.each([
    ["an invalid picture with a score", { verdict: "invalid" }],
    ["a good picture that is labelled anomalous", { verdict: "good" }],
    ["another version", { schemaVersion: 2 }],
    ["a field that it does not know", { extra: 1 }],
    ["an error code that is no code", { error: { code: "oops" } }],
  ])("refuses %s", (_name, change) => {
    expect(valid({ ...JSON.parse(jsonLine(line)), ...change })).toBe(false);
  });
});
