import { expect, it } from "vitest";
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

it("says why it does not run a model", () => {
  expect(engineFacts(smallModel())).toEqual({
    fast: false,
    reason: "The fast engine needs PaDiM, one Gaussian for each cell; found: another method.",
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
