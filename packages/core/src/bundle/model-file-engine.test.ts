import { expect, it } from "vitest";
import { smallFusion } from "../../../../tests/support/small-fusion.js";
import { smallModel } from "../../../../tests/support/small-model.js";
import type { DetectorManifest, PassManifest } from "./manifest.js";
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

it("says how a memory bank of Anomalib is used, and nothing of that for our own", () => {
  const { manifest } = smallModel();
  const [pass] = manifest.passes as [PassManifest];
  const [detector] = pass.detectors as [DetectorManifest];
  const head = { kind: "patchcore", rows: 9, precision: "float32", neighbours: 5 } as const;
  const engineOf = (embedding: Partial<DetectorManifest["embedding"]>) => {
    const changed = { ...detector, head, embedding: { ...detector.embedding, ...embedding } };
    return modelFileEngine({ ...manifest, passes: [{ ...pass, detectors: [changed] }] });
  };
  expect(engineOf({ grid: "finest", enlargement: "bilinear" })).toMatchObject({
    bank: { rows: 9, neighbours: 5, enlargement: "bilinear", upsampling: "bilinear" },
  });
  expect(engineOf({ grid: "coarsest" })).not.toHaveProperty("bank");
});

it("says it of the first of several detectors", () => {
  expect(modelFileEngine(smallFusion({ twoInputs: true }).manifest)).toMatchObject({
    fast: true,
    cells: 24,
    grid: { width: 6, height: 4 },
  });
});
