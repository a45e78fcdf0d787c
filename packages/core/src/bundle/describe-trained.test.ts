import { describe, expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { describeTrained } from "./describe-trained.js";

describe("describeTrained", () => {
  const { manifest } = smallModel();

  it("takes thresholds and ranges from the calibration", () => {
    const description = describeTrained(manifest);
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
    const calibration = { ...manifest.calibration, changes: [{ from: 3.5, to: 4, reason: "customer A" }] };
    expect(describeTrained({ ...manifest, calibration }).notes).toEqual([
      "The threshold was changed from 3.5 to 4. customer A",
    ]);
  });
});
