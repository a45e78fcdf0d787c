import { expect, it } from "vitest";
import { patchcoreExport } from "../../../../tests/support/patchcore-fixtures.js";
import { floats, smallModel, smallPadim } from "../../../../tests/support/small-onnx.js";
import { wholePadim } from "../../../../tests/support/whole-padim.js";
import { engineFacts } from "./engine-facts.js";

it("says what the fast engine runs", () => {
  expect(engineFacts(wholePadim())).toEqual({
    fast: true,
    cells: 64,
    grid: { height: 8, width: 8 },
    channels: 4,
    sigma: 1,
  });
});

it("says what was recognised of a memory bank", () => {
  const { model, files } = patchcoreExport("patchcore-070");
  const common = { fast: true, cells: 64, grid: { height: 8, width: 8 }, channels: 48, sigma: 4 };
  const bank = { rows: 30, neighbours: 9, enlargement: "nearest", upsampling: "nearest" };
  expect(engineFacts(model, files)).toEqual({ ...common, bank });
  const newer = patchcoreExport("patchcore-270");
  expect(engineFacts(newer.model, newer.files)).toEqual({
    ...common,
    bank: { ...bank, enlargement: "bilinear" },
  });
  expect(engineFacts(newer.model)).toMatchObject({ fast: false });
});

it("says why it does not run a model", () => {
  expect(engineFacts(smallModel())).toEqual({
    fast: false,
    reason: "The fast engine needs a PaDiM or PatchCore graph; found: another method.",
  });
  expect(engineFacts(smallPadim())).toMatchObject({ fast: false });
});

it("takes damaged weights for a reason", () => {
  const cut = { ...floats("mean", [4, 64]), payload: { kind: "raw", bytes: new Uint8Array(12) } } as const;
  expect(engineFacts(wholePadim({ initialisers: { mean: cut } }))).toEqual({
    fast: false,
    reason: expect.stringContaining("MODEL_BROKEN"),
  });
});
