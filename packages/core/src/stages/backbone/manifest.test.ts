import { describe, expect, it } from "vitest";
import { type BackboneManifest, backboneSteps, parseBackboneManifest, withPrecision } from "./manifest.js";

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

  it("may say that the network resizes pictures itself", () => {
    const own = { ...MANIFEST, input: { ...MANIFEST.input, resizesTo: { width: 256, height: 192 } } };
    expect(parseBackboneManifest(own, "manifest.json")).toEqual(own);
  });

  it("describes the network of each precision alone", () => {
    const int8 = { model: "model-int8.onnx", sha256: "1".repeat(64) };
    const both = parseBackboneManifest({ ...MANIFEST, int8 }, "manifest.json");
    expect(withPrecision(both, "float32")).toEqual(MANIFEST);
    const rounded = { ...MANIFEST, ...int8, precision: "int8" };
    expect(withPrecision(both, "int8")).toEqual(rounded);
    expect(parseBackboneManifest(rounded, "manifest.json")).toEqual(rounded);
    expect(withPrecision({ ...rounded, precision: "int8" }, "int8")).toEqual(rounded);
    for (const [manifest, precision] of [
      [MANIFEST, "int8"],
      [{ ...MANIFEST, ...int8, precision: "int8" }, "float32"],
    ] as const)
      expect(() => withPrecision(manifest, precision)).toThrow(
        expect.objectContaining({ code: "BACKBONE", subject: "The backbone tiny" }),
      );
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
    ["precision", { precision: "int4" }],
    ["int8.model", { int8: { model: "a/b.onnx", sha256: "0".repeat(64) } }],
    ["int8.model", { int8: null }],
    ["int8.sha256", { int8: { model: "b.onnx", sha256: "0" } }],
    ["input.name", { input: undefined }],
    ["input.multipleOf", { input: { ...MANIFEST.input, multipleOf: 1.5 } }],
    ["input.resizesTo", { input: { ...MANIFEST.input, resizesTo: { width: 256 } } }],
    ["input.resizesTo", { input: { ...MANIFEST.input, resizesTo: null } }],
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
