import { expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { decisionWords } from "./decision-words.js";

const { manifest } = smallModel();
const pixels = manifest.size.width * manifest.size.height;
const zone = {
  name: "",
  runs: [0, pixels],
  weight: 1,
  unit: 1,
  minArea: 0,
  minPeak: 0.5,
  ignoreTouchingBorder: false,
};

it("says nothing of a model without filters, zones and grey zone", () => {
  expect(decisionWords(manifest)).toEqual([]);
});

it("names filters, and zones with their own thresholds", () => {
  expect(decisionWords({ ...manifest, decision: { zones: [zone] } })).toEqual([
    ["Regions that count", "all"],
  ]);
  const filtered = { ...zone, minArea: 2.5, minPeak: 0.7, ignoreTouchingBorder: true };
  expect(decisionWords({ ...manifest, decision: { zones: [filtered] } })).toEqual([
    [
      "Regions that count",
      "at least 2.5 pixels of the map, a peak of at least 0.7 (0.5 = threshold), not touching the border",
    ],
  ]);
  const half = pixels / 2;
  const zones = [
    { ...zone, name: "seal", runs: [0, half], weight: 2, unit: 4, minArea: 3 },
    { ...zone, name: "rest", runs: [half, pixels] },
  ];
  const calibration = { ...manifest.calibration, imageThreshold: 3.5 };
  expect(decisionWords({ ...manifest, calibration, decision: { zones } })).toEqual([
    ["Zone seal", "threshold 7, 50.0 % of the map, weight 2, at least 3 pixels of the map"],
    ["Zone rest", "threshold 3.5, 50.0 % of the map"],
  ]);
});

it("says what the grey zone promises", () => {
  const uncertain = {
    imageThreshold: 2.5,
    askedRate: 0.1,
    expectedRate: 0.1,
    guaranteedRate: 0.2,
    reached: true,
  };
  const [row] = decisionWords({ ...manifest, calibration: { ...manifest.calibration, uncertain } });
  expect(row?.[0]).toBe("Uncertain");
  expect(row?.[1]).toContain("from 2.5 up to the image threshold; asked for 10 of 100");
});
