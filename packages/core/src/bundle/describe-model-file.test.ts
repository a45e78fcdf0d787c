import { describe, expect, it } from "vitest";
import { smallImported, smallModel } from "../../../../tests/support/small-model.js";
import { describeModelFile } from "./describe-model-file.js";

describe("describeModelFile", () => {
  const model = smallModel();

  it("takes thresholds and ranges of a trained model from its calibration", () => {
    const description = describeModelFile(model);
    expect(description).toMatchObject({
      profile: "blemish",
      kind: "padim",
      imageThreshold: 3.5,
      pixelThreshold: 4.5,
    });
    expect(description.normalisation).toEqual({
      method: "min_max",
      image: { min: 0, max: 7 },
      pixel: { min: 0, max: 9 },
    });
    expect(description.input).toEqual({ name: "x", height: 64, width: 96, batch: 1 });
    expect(description.notes).toEqual([]);
  });

  it("notes every change of the threshold", () => {
    const calibration = {
      ...model.manifest.calibration,
      changes: [{ from: 3.5, to: 4, reason: "customer A" }],
    };
    const changed = { ...model, manifest: { ...model.manifest, calibration } };
    expect(describeModelFile(changed).notes).toEqual(["The threshold was changed from 3.5 to 4. customer A"]);
  });

  it("says of an imported model what its export said, and that it was one", () => {
    const imported = smallImported();
    const { description } = imported.manifest.imported;
    const told = describeModelFile(imported);
    expect(told).toEqual({ ...description, evidence: [...description.evidence, expect.anything()] });
    expect(told.evidence.at(-1)).toMatch(/\.blemish model made from model\.onnx/);
  });

  it("gives a cdf normalisation its arrays back", () => {
    const imported = smallImported();
    const empty = { mean: new Float32Array(0), std: new Float32Array(0) };
    const normalisation = { method: "cdf" as const, image: { mean: 1, std: 2 }, pixel: empty };
    const description = { ...imported.manifest.imported.description, normalisation };
    const manifest = { ...imported.manifest, imported: { ...imported.manifest.imported, description } };
    const cdf = { mean: Float32Array.of(1, 2), std: Float32Array.of(3, 4) };
    expect(describeModelFile({ manifest, cdf }).normalisation).toEqual({ ...normalisation, pixel: cdf });
  });
});
