/** How well the default training detects on real pictures: embedded backbone, good pictures only, nothing tuned. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RecipeOptions, writeModelFile } from "@blemish/core";
import { evaluateModel, findImages, open, recognizeDataset, trainModel } from "@blemish/node";
import { afterAll, expect, it } from "vitest";
import { sha256 } from "../../packages/node/src/sha256.js";
import { describeShared, sharedPath } from "../support/shared.js";

const folder = mkdtempSync(join(tmpdir(), "blemish-default-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The figures of a model trained on `train/good` with these options and judged on `test`. */
async function figuresOn(data: string, options: RecipeOptions) {
  const goods = await findImages([sharedPath("data", data, "train/good")]);
  const { model, calibration } = await trainModel(
    goods.map(({ path }) => path),
    options,
  );
  const path = join(folder, `${data}.blemish`);
  writeFileSync(path, writeModelFile(model, sha256));
  const opened = await open(path, { workers: 2 });
  const { items } = await recognizeDataset([sharedPath("data", data)]);
  const { figures } = await evaluateModel(opened, { items: items.filter(({ split }) => split === "test") });
  await opened.close();
  const { imageAUROC, pixelAUROC, AUPRO, falseAlarms, good, escapes, anomalous } = figures;
  const promised = calibration.image;
  console.log(
    `${data} ${JSON.stringify(options)}: image AUROC ${imageAUROC.toFixed(4)}, pixel AUROC ${pixelAUROC.toFixed(4)}, ` +
      `AUPRO ${AUPRO.toFixed(4)}, ${falseAlarms} of ${good} false alarms (${(100 * promised.expectedRate).toFixed(1)} % expected), ` +
      `${escapes} of ${anomalous} escapes`,
  );
  return { figures, manifest: model.manifest };
}

const MINUTES = 60_000;

describeShared("the default training on MVTec bottle", ["data/mvtec-bottle-256"], () => {
  it(
    "fuses PatchCore and PaDiM at 320 pixels and reaches image AUROC 0.999 and pixel AUROC 0.98",
    async () => {
      const { figures, manifest } = await figuresOn("mvtec-bottle-256", {});
      expect(manifest.passes.map(({ size }) => size.width)).toEqual([320]);
      expect(manifest.passes[0]?.detectors.map(({ head }) => head.kind)).toEqual(["patchcore", "padim"]);
      expect(manifest.training.turned).toBe(false);
      expect(figures.imageAUROC).toBeGreaterThanOrEqual(0.999);
      expect(figures.pixelAUROC).toBeGreaterThanOrEqual(0.98);
    },
    5 * MINUTES,
  );

  it(
    "reaches the same or more with quality accurate",
    async () => {
      const { figures, manifest } = await figuresOn("mvtec-bottle-256", { quality: "accurate" });
      expect(manifest.passes.map(({ size }) => size.width)).toEqual([512, 256]);
      expect(figures.imageAUROC).toBeGreaterThanOrEqual(0.999);
      expect(figures.pixelAUROC).toBeGreaterThanOrEqual(0.982);
    },
    10 * MINUTES,
  );

  it(
    "reaches image AUROC 0.995 and pixel AUROC 0.975 with PaDiM alone at 256 pixels",
    async () => {
      const { figures } = await figuresOn("mvtec-bottle-256", { head: "padim", size: 256 });
      expect(figures.imageAUROC).toBeGreaterThanOrEqual(0.995);
      expect(figures.pixelAUROC).toBeGreaterThanOrEqual(0.975);
    },
    2 * MINUTES,
  );
});

describeShared("the default training on the cubes", ["data/dobot-cubes"], () => {
  it(
    "reaches image AUROC 1, and so does PaDiM alone",
    async () => {
      expect((await figuresOn("dobot-cubes", {})).figures.imageAUROC).toBe(1);
      expect((await figuresOn("dobot-cubes", { head: "padim", size: 256 })).figures.imageAUROC).toBe(1);
    },
    5 * MINUTES,
  );
});
