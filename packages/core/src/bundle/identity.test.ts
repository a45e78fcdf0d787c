import { expect, it } from "vitest";
import { smallFusion } from "../../../../tests/support/small-fusion.js";
import { sha256, smallModel } from "../../../../tests/support/small-model.js";
import { modelIdentity } from "./identity.js";

it("is the same for equal models and differs in the part that differs", () => {
  const model = smallModel();
  const own = modelIdentity(model, sha256);
  expect(modelIdentity(smallModel(), sha256)).toEqual(own);
  for (const hash of Object.values(own)) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  const { calibration } = model.manifest;
  const changed = { ...model.manifest, calibration: { ...calibration, imageThreshold: 99 } };
  expect(modelIdentity({ ...model, manifest: changed }, sha256)).toEqual({
    ...own,
    decision: expect.not.stringMatching(own.decision),
  });
  expect(modelIdentity({ ...model, backbone: Uint8Array.of(1) }, sha256)).toEqual({
    ...own,
    backbone: expect.not.stringMatching(own.backbone),
  });
  expect(modelIdentity(smallFusion(), sha256).statistics).not.toBe(own.statistics);
});
