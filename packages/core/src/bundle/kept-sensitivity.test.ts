import { expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { withoutSensitivity, withSensitivity } from "./kept-sensitivity.js";
import type { SensitivityManifest } from "./manifest.js";

it("what was measured is kept, and dropped without a trace", () => {
  const { manifest } = smallModel();
  const measured: SensitivityManifest = {
    measuredOn: "other-pictures",
    pictures: 3,
    places: 40,
    seed: 0,
    groups: [{ by: "all", name: "", cells: [{ size: 6, contrast: 0.5, tried: 40, found: 39 }] }],
  };
  const kept = withSensitivity(manifest, measured);
  expect(kept.sensitivity).toEqual(measured);
  expect(withoutSensitivity(kept)).toEqual(manifest);
  expect("sensitivity" in withoutSensitivity(kept)).toBe(false);
});
