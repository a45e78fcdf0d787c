import { describe, expect, it } from "vitest";
import { type BackboneManifest, backboneSteps, parseBackboneManifest } from "./manifest.js";

const MANIFEST: BackboneManifest = {
  id: "tiny",
  model: "model.onnx",
  sha256: "0".repeat(64),
  input: {
    name: "x",
    multipleOf: 32,
    colour: "rgb",
    mean: [127, 127, 127],
    std: [128, 128, 128],
    resize: "antialias",
  },
  taps: [{ name: "s3", channels: 40, stride: 8, scale: 24.5 }],
  licence: "Apache-2.0",
  source: "made for this test",
};

describe("a backbone's manifest", () => {
  it("survives JSON", () => {
    expect(parseBackboneManifest(JSON.parse(JSON.stringify(MANIFEST)), "manifest.json")).toEqual(MANIFEST);
  });

  it("says what happens to a picture", () => {
    expect(backboneSteps(MANIFEST, 64, 32)).toEqual([
      { type: "resize", width: 64, height: 32, interpolation: "antialias" },
      { type: "normalize", mean: [127, 127, 127], std: [128, 128, 128], maxPixelValue: 1 },
    ]);
  });

  it.each([
    ["id", { id: "" }],
    ["model", { model: "../other.onnx" }],
    ["sha256", { sha256: "xyz" }],
    ["input.name", { input: undefined }],
    ["input.multipleOf", { input: { ...MANIFEST.input, multipleOf: 1.5 } }],
    ["input.std", { input: { ...MANIFEST.input, std: [1, 0, 1] } }],
    ["input.resize", { input: { ...MANIFEST.input, resize: "cubic" } }],
    ["taps", { taps: [] }],
    ["taps.s3", { taps: [{ ...MANIFEST.taps[0], stride: -8 }] }],
  ])("names %s when it is wrong", (field, change) => {
    expect(() => parseBackboneManifest({ ...MANIFEST, ...change }, "manifest.json")).toThrow(
      `expected ${field}`,
    );
    expect(() => parseBackboneManifest(null, "manifest.json")).toThrow(/BACKBONE/);
  });
});
