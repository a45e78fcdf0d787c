import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BlemishError, type ImageResult, type Judgement, type PlaceExplanation } from "@blemish/core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { jsonLine } from "./json-lines.js";
import { invalidLine, judgedLine } from "./result-line.js";

const schemaPath = join(import.meta.dirname, "../../../../docs/predict-result.schema.json");
const schema = JSON.parse(readFileSync(schemaPath, "utf8"));
const valid = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

const judgement: Judgement & Pick<ImageResult, "explanations" | "validity" | "alignment"> = {
  explanations: null,
  validity: null,
  alignment: null,
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
  regions: [
    {
      box: [1, 2, 3, 4],
      area: 7,
      peak: { value: 0.9, x: 2, y: 3 },
      centroid: { x: 2.5, y: 3 },
      mean: 0.7,
      extent: { length: 3, width: 2, angle: 90 },
      touchesBorder: false,
    },
  ],
  uncertainThreshold: null,
  filtered: [],
  zones: null,
};
const context = { path: "a/b.png", model: "model.onnx", ms: 12.3456, thresholdGiven: false };
const box = { x: 0.5, y: 0.25, width: 0.25, height: 0.25 };
const place: PlaceExplanation = {
  x: 0.6,
  y: 0.3,
  detectors: [
    {
      kind: "patchcore",
      size: 256,
      box,
      distance: 2,
      share: 0.7,
      nearest: [
        { picture: 3, path: "good/3.png", box, distance: 2 },
        { picture: 4, path: "", box: null, distance: 2.5 },
      ],
      channels: [],
      typical: null,
    },
    {
      kind: "padim",
      size: 256,
      box,
      distance: 20,
      share: 0.3,
      nearest: [],
      channels: [{ channel: 1, tap: null, value: 2, mean: 1, share: -0.1 }],
      typical: { picture: 0, path: "good/0.png", box },
    },
  ],
};
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
  it("fits the schema with explanations of both heads", () => {
    const line = judgedLine(
      { ...judgement, explanations: [place] },
      { width: 9, height: 8 },
      context,
      nothing,
    );
    const parsed = JSON.parse(jsonLine(line));
    expect(valid(parsed), JSON.stringify(valid.errors)).toBe(true);
    expect(parsed.explanations).toEqual([place]);
    const wrong = { ...parsed, explanations: [{ ...place, x: 1.5 }] };
    expect(valid(wrong)).toBe(false);
  });
  it("fits the schema with zones, millimetres, a filtered region and a grey zone", () => {
    const [region] = judgement.regions as [Judgement["regions"][number]];
    const extent = { ...region.extent, lengthMm: 1.5, widthMm: 1 };
    const rich = { ...region, extent, areaMm2: 1.75, zone: "seal" };
    const zones = [{ name: "seal", score: 3, threshold: 4, anomalous: false }];
    const grey = {
      ...judgement,
      verdict: "uncertain" as const,
      predLabel: false,
      uncertainThreshold: 11.5,
      regions: [rich],
      filtered: [{ ...rich, reason: "border" as const }],
      zones,
    };
    const line = judgedLine(grey, { width: 9, height: 8 }, context, nothing);
    const parsed = JSON.parse(jsonLine(line));
    expect(valid(parsed), JSON.stringify(valid.errors)).toBe(true);
    expect(parsed).toMatchObject({ verdict: "uncertain", uncertainThreshold: 11.5, zones });
    expect(valid({ ...parsed, uncertainThreshold: null })).toBe(false);
    expect(valid({ ...parsed, filtered: [{ ...rich, reason: "size" }] })).toBe(false);
    expect(valid({ ...parsed, regions: [{ ...rich, size: 3 }] })).toBe(false);
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

describe("rules and alignment", () => {
  const rule = { rule: "brightness", value: 12, low: 96, high: 131, ok: false };
  const place = { rule: "place", value: 0.01, low: null, high: 0.04, ok: true, shift: { x: 2.1, y: -1 } };
  const alignment = { shift: { x: 2.13, y: -1 }, degrees: 0.5, confidence: 0.97 };

  it("stand in the line of a judged picture", () => {
    const written = { output: null, map: null, error: null };
    const size = { width: 10, height: 10 };
    const line = judgedLine({ ...judgement, validity: [place], alignment }, size, context, written);
    const parsed = JSON.parse(jsonLine(line));
    expect(valid(parsed), JSON.stringify(valid.errors)).toBe(true);
    expect(parsed).toMatchObject({ validity: [place], alignment });
    expect(valid({ ...parsed, validity: [{ ...place, ok: "yes" }] })).toBe(false);
    expect(valid({ ...parsed, alignment: { ...alignment, confidence: 2 } })).toBe(false);
  });

  it("stand beside the error of a picture that breaks one", () => {
    const error = new BlemishError("PICTURE_INVALID", { subject: "a.png", evidence: [rule, place] });
    const parsed = JSON.parse(jsonLine(invalidLine(error, context)));
    expect(valid(parsed), JSON.stringify(valid.errors)).toBe(true);
    expect(parsed.validity).toEqual([rule, place]);
    expect(parsed.error).not.toHaveProperty("evidence");
  });
});
