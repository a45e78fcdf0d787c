import { expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { methodFacts } from "./method-facts.js";

const { manifest } = smallModel();
const [pass] = manifest.passes;
const [padim] = pass!.detectors;

it("names the one detector of a model with a given size", () =>
  expect(methodFacts(manifest)).toEqual({
    kind: "padim",
    quality: null,
    turned: false,
    threshold: "leave-one-out",
    detectors: [
      { head: "padim", size: 96, grid: { width: 3, height: 2 }, channels: 2, factor: 1, patches: null },
    ],
  }));

it("names all detectors in the order of the passes, and the quality they came from", () => {
  const bank = { ...padim!, factor: 4, head: { kind: "patchcore", rows: 30, precision: "int8" } as const };
  const facts = methodFacts({
    ...manifest,
    passes: [{ ...pass!, size: { width: 512, height: 512 }, detectors: [bank] }, pass!],
    training: { ...manifest.training, turned: true, options: { quality: "accurate" } },
  });
  expect(facts).toMatchObject({ kind: "fusion", quality: "accurate", turned: true });
  expect(facts.detectors).toMatchObject([
    { head: "patchcore", size: 512, factor: 4, patches: 30 },
    { head: "padim", size: 96, factor: 1, patches: null },
  ]);
});

it("names zones with their own thresholds and filters", () => {
  const filter = { minArea: 2, minPeak: 0.6, ignoreTouchingBorder: true };
  const zones = [
    { ...filter, name: "seal", runs: [0, 9], weight: 2, unit: 4 },
    { ...filter, name: "rest", runs: [9, 20], weight: 1, unit: 1 },
  ];
  const calibration = { ...manifest.calibration, imageThreshold: 3 };
  expect(methodFacts({ ...manifest, calibration, decision: { zones } }).zones).toEqual([
    { ...filter, name: "seal", weight: 2, threshold: 6 },
    { ...filter, name: "rest", weight: 1, threshold: 3 },
  ]);
});
