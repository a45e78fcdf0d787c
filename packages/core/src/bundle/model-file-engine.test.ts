import { expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { modelFileEngine } from "./model-file-engine.js";

it("says what a model file holds for the fast engine", () => {
  const { manifest } = smallModel();
  const { channels, gridWidth, gridHeight } = manifest.head;
  expect(modelFileEngine(manifest)).toEqual({
    fast: true,
    cells: gridWidth * gridHeight,
    grid: { width: gridWidth, height: gridHeight },
    channels,
    sigma: manifest.map.sigma,
  });
});
