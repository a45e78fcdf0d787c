import { describe, expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { checkManifest } from "./check-manifest.js";

const { manifest } = smallModel();

describe("checkManifest", () => {
  it("accepts a manifest that went through JSON", () => {
    expect(checkManifest(JSON.parse(JSON.stringify(manifest)), "x")).toEqual(manifest);
  });

  it("names each field that is missing", () => {
    for (const field of Object.keys(manifest)) {
      const { [field as keyof typeof manifest]: _left, ...rest } = manifest;
      expect(() => checkManifest(rest, "x"), field).toThrow(
        field === "backbone" ? /BACKBONE/ : `field ${field}`,
      );
    }
    expect(() => checkManifest(null, "x")).toThrow(/MODEL_BROKEN/);
  });

  it.each([
    ["head", { ...manifest.head, channels: 1e12 }],
    ["calibration", { ...manifest.calibration, imageThreshold: null }],
    ["map", { ...manifest.map, score: "median" }],
    ["embedding", { ...manifest.embedding, channels: [-1] }],
  ])("refuses a bad %s", (field, value) => {
    expect(() => checkManifest({ ...manifest, [field]: value }, "x")).toThrow(`field ${field}`);
  });
});
