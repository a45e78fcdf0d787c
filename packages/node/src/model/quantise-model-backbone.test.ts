import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ImportedModelFile, renderPart } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixturePath } from "../../../../tests/support/anomalib-fixtures.js";
import { encodePng } from "../images/encode-png.js";
import { saveModel } from "../training/save-model.js";
import { importModelFile } from "./import-model-file.js";
import { open } from "./open.js";
import { quantiseModelBackbone } from "./quantise-model-backbone.js";

let root = "";
let pictures: string[] = [];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "blemish-quantise-model-"));
  pictures = Array.from({ length: 6 }, (_, seed) => join(root, `${seed}.png`));
  for (const [seed, path] of pictures.entries()) {
    const defect = seed % 2 === 0 ? {} : { defect: { type: "stain" as const } };
    await writeFile(
      path,
      await encodePng(renderPart("cap", { seed, width: 96, height: 96, ...defect }).image),
    );
  }
});
afterAll(() => rm(root, { recursive: true }));

async function scores(model: ImportedModelFile, name: string) {
  const path = join(root, `${name}.blemish`);
  await saveModel(path, model);
  const opened = await open(path);
  try {
    const results = [];
    for (const picture of pictures) results.push(await opened.predict(picture));
    return results;
  } finally {
    await opened.close();
  }
}

describe("an imported model in int8", () => {
  it.each(["padim-070-segmentation", "padim-120", "padim-270"])(
    "scores as its change says, and its file needs no option: %s",
    async (fixture) => {
      const { model } = await importModelFile(fixturePath(fixture));
      const told: string[] = [];
      const { model: int8, change } = await quantiseModelBackbone(model, pictures, {
        onProgress: (stage, done, total) => void (done === total && told.push(`${stage} ${total}`)),
      });
      expect(told).toEqual(["measure 6", "compare 6"]);
      const { precision, sha256 } = int8.manifest.backbone;
      expect({ precision, same: sha256 === model.manifest.backbone.sha256 }).toEqual({
        precision: "int8",
        same: false,
      });
      expect(int8.detectors).toBe(model.detectors);
      expect(int8.manifest.parity).toHaveLength(model.manifest.parity.length);
      expect(int8.manifest.parity).not.toEqual(model.manifest.parity);
      const [before, after] = [await scores(model, "exact"), await scores(int8, "int8")];
      expect(change.pictures).toBe(6);
      expect(change.largest).toBeGreaterThan(0);
      // Of thresholds that these pictures, unlike the ones it was trained on, exceed many times.
      expect(change.median).toBeLessThan(0.5);
      const relative = ({ rawScore, imageThreshold }: (typeof before)[number]) =>
        (rawScore ?? Number.NaN) / imageThreshold;
      const changes = before.map((one, at) => Math.abs(relative(after[at]!) - relative(one)));
      // A 2.x graph gives no raw score, and cuts the other off at 1.
      if (fixture !== "padim-270") expect(change.largest).toBeCloseTo(Math.max(...changes), 5);
      const sides = before.flatMap(({ verdict }, at) => (verdict === after[at]!.verdict ? [] : [at]));
      expect(change.flipped).toEqual(sides);
    },
  );

  it("is refused a second time, without pictures, and when it is cancelled", async () => {
    const { model } = await importModelFile(fixturePath("padim-070-segmentation"));
    const { model: int8 } = await quantiseModelBackbone(model, pictures.slice(0, 1));
    await expect(quantiseModelBackbone(int8, pictures)).rejects.toMatchObject({
      code: "BACKBONE",
      expected: "a float32 network",
      found: "int8",
    });
    await expect(quantiseModelBackbone(model, [])).rejects.toMatchObject({ code: "BACKBONE" });
    const signal = AbortSignal.abort();
    await expect(quantiseModelBackbone(model, pictures, { signal })).rejects.toMatchObject({
      code: "CANCELLED",
    });
  });
});
