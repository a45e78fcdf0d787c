import { expect, it } from "vitest";
import { smallFusion } from "../../../../tests/support/small-fusion.js";
import { smallModel } from "../../../../tests/support/small-model.js";
import { detectorsOf } from "../bundle/detectors-of.js";
import type { ModelFile } from "../bundle/model-file.js";
import { coarserPrecisions } from "./coarser-precisions.js";

const namesOf = (model: ModelFile) =>
  coarserPrecisions(model).map(({ part, precision }) => `${part} ${precision}`);
const precisionsOf = ({ manifest }: ModelFile) => detectorsOf(manifest).map(({ head }) => head.precision);

it("gives what is coarser than what is stored, and says it in the manifest", () => {
  const model = smallModel();
  expect(precisionsOf(model)).toEqual(["float32"]);
  expect(namesOf(model)).toEqual(["factors int16", "factors int8"]);
  for (const coarse of coarserPrecisions(model)) {
    expect(precisionsOf(coarse.model)).toEqual([coarse.precision]);
    expect(namesOf(coarse.model)).toEqual(coarse.precision === "int16" ? ["factors int8"] : []);
    expect(coarse.model.backbone).toBe(model.backbone);
  }
  expect(precisionsOf(model)).toEqual(["float32"]);
});

it("changes one kind of head of several at a time", () => {
  const fusion = smallFusion();
  const before = precisionsOf(fusion);
  for (const { part, precision, model } of coarserPrecisions(fusion)) {
    const kinds = detectorsOf(model.manifest).map(({ head }) => head.kind);
    precisionsOf(model).forEach((now, i) => {
      const changed = kinds[i] === (part === "factors" ? "padim" : "patchcore");
      if (!changed) expect(now).toBe(before[i]);
      else expect([precision, before[i]]).toContain(now);
    });
  }
  expect(namesOf(fusion).length).toBeGreaterThan(0);
});
