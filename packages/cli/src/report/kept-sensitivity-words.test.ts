import type { SensitivityManifest } from "@blemish/core";
import { expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { keptSensitivitySection } from "./kept-sensitivity-words.js";

const { manifest } = smallModel();
const sensitivity: SensitivityManifest = {
  measuredOn: "held-out",
  pictures: 3,
  places: 60,
  seed: 0,
  groups: [
    {
      by: "all",
      name: "",
      cells: [
        { size: 6, contrast: 0.5, tried: 60, found: 40 },
        { size: 12, contrast: 0.5, tried: 60, found: 60 },
      ],
    },
    { by: "zone", name: "rim", cells: [{ size: 6, contrast: 0.5, tried: 60, found: 0 }] },
  ],
};

it("says from which size on defects are found, and what that rests on", () => {
  const capture = { millimetresPerPixel: 0.5 };
  expect(keptSensitivitySection({ ...manifest, capture, sensitivity })).toEqual({
    title: "Sensitivity",
    rows: [
      [
        "All kinds",
        "90 % are found, with 95 % confidence, from 12 px (6 mm) on at contrast 50 %; smaller or fainter ones it may not see",
      ],
      ["Zone rim", "90 % are found of none of the tried sizes and contrasts"],
    ],
    remarks: [
      "Measured with drawn defects in 3 good pictures, by a model that was trained alike without these pictures: each kind, size and contrast at 60 places.",
    ],
  });
  const other = { ...sensitivity, measuredOn: "other-pictures", pictures: 1 } as const;
  expect(keptSensitivitySection({ ...manifest, sensitivity: other })?.remarks[0]).toContain(
    "in 1 good picture, which it has not learnt from:",
  );
});

it("says nothing where nothing was measured", () => {
  expect(keptSensitivitySection(manifest)).toBeNull();
});
