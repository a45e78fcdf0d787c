import { describe, expect, it } from "vitest";
import { smallImported, smallModel } from "../../../../tests/support/small-model.js";
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

  it("accepts a manifest of an imported model, and names each field of it that is missing", () => {
    const imported = JSON.parse(JSON.stringify(smallImported().manifest));
    expect(checkManifest(imported, "x")).toEqual(smallImported().manifest);
    for (const field of Object.keys(imported).filter((name) => name !== "backbone")) {
      const { [field]: _left, ...rest } = imported;
      expect(() => checkManifest(rest, "x"), field).toThrow(`field ${field}`);
    }
    for (const field of Object.keys(imported.imported)) {
      const { [field]: _left, ...rest } = imported.imported;
      expect(() => checkManifest({ ...imported, imported: rest }, "x"), field).toThrow("field imported");
    }
    for (const field of Object.keys(imported.imported.description)) {
      const { [field]: _left, ...rest } = imported.imported.description;
      const changed = { ...imported, imported: { ...imported.imported, description: rest } };
      expect(() => checkManifest(changed, "x"), field).toThrow("field imported");
    }
  });

  it.each([
    ["origin", "openvino"],
    ["head", { ...manifest.head, precision: "int4" }],
    ["fit", { ...manifest.fit, count: 0 }],
    ["head", { ...manifest.head, channels: 1e12 }],
    ["calibration", { ...manifest.calibration, imageThreshold: null }],
    ["map", { ...manifest.map, score: "median" }],
    ["embedding", { ...manifest.embedding, channels: [-1] }],
  ])("refuses a bad %s", (field, value) => {
    expect(() => checkManifest({ ...manifest, [field]: value }, "x")).toThrow(`field ${field}`);
  });
});
