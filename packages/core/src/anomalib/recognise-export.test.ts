import { expect, it } from "vitest";
import { patchcoreExport } from "../../../../tests/support/patchcore-fixtures.js";
import { smallModel, smallPadim } from "../../../../tests/support/small-onnx.js";
import { wholePadim } from "../../../../tests/support/whole-padim.js";
import { recogniseExport } from "./recognise-export.js";
import { recognisePadim } from "./recognise-padim.js";
import { recognisePatchcore } from "./recognise-patchcore.js";

it("finds what the recogniser of the method finds", () => {
  expect(recogniseExport(wholePadim())).toEqual({ kind: "padim", found: recognisePadim(wholePadim()) });
  const { model, files } = patchcoreExport("patchcore-270");
  expect(recogniseExport(model, files)).toEqual({
    kind: "patchcore",
    found: recognisePatchcore(model, files),
  });
});

it("gives the recogniser's reason for a graph of a known method that differs", () => {
  expect(recogniseExport(smallPadim())).toEqual(recognisePadim(smallPadim()));
  const { model } = patchcoreExport("patchcore-270");
  expect(recogniseExport(model)).toMatchObject({ recognised: false });
});

it("says of other methods what it knows", () => {
  expect(recogniseExport(smallModel())).toMatchObject({
    recognised: false,
    reason: "The fast engine needs a PaDiM or PatchCore graph; found: another method.",
  });
});
