import { expect, it } from "vitest";
import { smallModel } from "../../../../../tests/support/small-model.js";
import { exportScale } from "./export-scale.js";

it("is the calibration of a trained model", () => {
  const model = smallModel();
  const { imageThreshold, pixelThreshold, imageRange, pixelRange } = model.manifest.calibration;
  expect(exportScale(model)).toEqual({
    image: { threshold: imageThreshold, range: imageRange },
    pixel: { threshold: pixelThreshold, range: pixelRange },
  });
});
