import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeModelFile } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { fixturePath } from "../../../../tests/support/anomalib-fixtures.js";
import { writeUnlikePatchcore } from "../../../../tests/support/patchcore-fixtures.js";
import { smallCheckpoint } from "../../../../tests/support/small-checkpoint.js";
import { exportModelFile } from "../export/export-model-file.js";
import { importModelFile } from "../model/import-model-file.js";
import { sha256 } from "../sha256.js";
import { comparedParts, identityOf } from "./identity-of.js";

const folder = mkdtempSync(join(tmpdir(), "blemish-identity-"));
const checkpoint = join(folder, "model.ckpt");
writeFileSync(checkpoint, smallCheckpoint({ method: "padim", version: "0.7", saved: "lightning" }));
const { model } = await importModelFile(checkpoint);

describe("identityOf", () => {
  it("is one for a checkpoint, its model file and its exports", async () => {
    const file = join(folder, "model.blemish");
    writeFileSync(file, writeModelFile(model, sha256));
    await exportModelFile(file, join(folder, "model.onnx"), { form: "anomalib-2" });
    const own = await identityOf(checkpoint);
    expect(own?.statistics).toMatch(/^[0-9a-f]{64}$/);
    expect(await identityOf(file)).toEqual(own);
    expect(await identityOf(join(folder, "model.onnx"))).toEqual(own);
  });

  it("is known of graphs that are recognised, and of no others", async () => {
    expect(await identityOf(fixturePath("padim-120"))).not.toBe(null);
    expect(await identityOf(await writeUnlikePatchcore(join(folder, "unlike")))).toBe(null);
    await expect(identityOf(join(folder, "none.blemish"))).rejects.toThrow(/MODEL_NOT_FOUND/);
  });

  it("an attacker who writes the hash anew gets another identity, in the part that was edited", async () => {
    const own = (await identityOf(checkpoint))!;
    const [detector] = model.detectors;
    if (detector?.head.kind !== "padim") throw new Error("the small checkpoint is a PaDiM");
    const gaussians = { ...detector.head.gaussians, mean: detector.head.gaussians.mean.map((x) => x + 1) };
    const statistics = { ...model, detectors: [{ ...detector, head: { ...detector.head, gaussians } }] };
    const { imported, map } = model.manifest;
    const normaliser = { ...imported.description, imageThreshold: 9 };
    const threshold = {
      ...model,
      manifest: { ...model.manifest, imported: { ...imported, description: normaliser } },
    };
    const blur = { ...model, manifest: { ...model.manifest, map: { ...map, sigma: 1 } } };
    for (const [content, part] of [
      [statistics, "statistics"],
      [threshold, "decision"],
      [blur, "decision"],
    ] as const) {
      const path = join(folder, "edited.blemish");
      writeFileSync(path, writeModelFile(content, sha256));
      const differing = comparedParts(own, await identityOf(path)).filter(({ same }) => !same);
      expect(differing.map((one) => one.part)).toEqual([part]);
    }
    expect(comparedParts(own, null).map(({ same }) => same)).toEqual([null, null, null, null]);
  });
});
