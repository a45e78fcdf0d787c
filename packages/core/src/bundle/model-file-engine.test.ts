import { expect, it } from "vitest";
import { smallFusion } from "../../../../tests/support/small-fusion.js";
import { smallModel } from "../../../../tests/support/small-model.js";
import { modelFileEngine } from "./model-file-engine.js";

it("says what a model file holds for the fast engine", () => {
  const { manifest } = smallModel();
  expect(modelFileEngine(manifest)).toEqual({
    fast: true,
    cells: 6,
    grid: { width: 3, height: 2 },
    channels: 2,
    sigma: manifest.map.sigma,
  });
});

it("says it of the first of several detectors", () => {
  expect(modelFileEngine(smallFusion({ twoInputs: true }).manifest)).toMatchObject({
    fast: true,
    cells: 24,
    grid: { width: 6, height: 4 },
  });
});
