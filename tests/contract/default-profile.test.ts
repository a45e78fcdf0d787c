/** How well the default training detects on real pictures: embedded backbone, good pictures only, nothing tuned. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeModelFile } from "@blemish/core";
import { evaluateModel, findImages, open, recognizeDataset, trainModel } from "@blemish/node";
import { afterAll, expect, it } from "vitest";
import { sha256 } from "../../packages/node/src/sha256.js";
import { describeShared, sharedPath } from "../support/shared.js";

const folder = mkdtempSync(join(tmpdir(), "blemish-default-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The figures of a model trained on `train/good` and judged on `test`. */
async function figuresOn(data: string) {
  const goods = await findImages([sharedPath("data", data, "train/good")]);
  const { model, calibration } = await trainModel(goods.map(({ path }) => path));
  const path = join(folder, `${data}.blemish`);
  writeFileSync(path, writeModelFile(model, sha256));
  const opened = await open(path, { workers: 2 });
  const { items } = await recognizeDataset([sharedPath("data", data)]);
  const { figures } = await evaluateModel(opened, { items: items.filter(({ split }) => split === "test") });
  await opened.close();
  const { imageAUROC, pixelAUROC, AUPRO, falseAlarms, good, escapes, anomalous } = figures;
  const promised = calibration.image;
  console.log(
    `${data}: image AUROC ${imageAUROC.toFixed(4)}, pixel AUROC ${pixelAUROC.toFixed(4)}, AUPRO ${AUPRO.toFixed(4)}, ` +
      `${falseAlarms} of ${good} false alarms (${(100 * promised.expectedRate).toFixed(1)} % expected), ${escapes} of ${anomalous} escapes`,
  );
  return figures;
}

describeShared("the default training on MVTec bottle", ["data/mvtec-bottle-256"], () => {
  it("reaches image AUROC 0.995 and pixel AUROC 0.975", async () => {
    const { imageAUROC, pixelAUROC } = await figuresOn("mvtec-bottle-256");
    expect(imageAUROC).toBeGreaterThanOrEqual(0.995);
    expect(pixelAUROC).toBeGreaterThanOrEqual(0.975);
  }, 120_000);
});

describeShared("the default training on the cubes", ["data/dobot-cubes"], () => {
  it("reaches image AUROC 1", async () => {
    expect((await figuresOn("dobot-cubes")).imageAUROC).toBe(1);
  }, 120_000);
});
