import { expect, it } from "vitest";
import { smallImported, smallModel } from "../../../../tests/support/small-model.js";
import { isTrained, requireTrained } from "./require-trained.js";

it("lets a trained model through and names one that was imported", () => {
  const model = smallModel();
  expect(requireTrained(model, "part.blemish")).toBe(model);
  expect(() => requireTrained(smallImported(), "part.blemish")).toThrow(
    /part\.blemish was imported from Anomalib.*MODEL_NOT_TRAINED/,
  );
});

it("tells them apart", () => {
  expect([isTrained(smallModel()), isTrained(smallImported())]).toEqual([true, false]);
});
