/**
 * PatchCore trained with profile `anomalib-0.7` beside the real Anomalib 0.7.0 on the same weights and pictures. Which
 * patches its bank holds is another draw, so what is compared is how well it tells parts apart: Anomalib reports an image
 * AUROC of 1 and a pixel AUROC of 0.977 (all 209 pictures, a share of 0.01, 224 pixels cut from 256).
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { detectorsOf, evaluator, type TrainedModelFile, writeModelFile } from "@blemish/core";
import { importBackboneFile, open, readMask, trainModel, writeBackbone } from "@blemish/node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sha256 } from "../../packages/node/src/sha256.js";
import { describeShared, sharedPath } from "../support/shared.js";

const WEIGHTS = "weights/resnet18_l123_bnfolded.safetensors";
const DATA = "data/mvtec-bottle-256";

/** Every third of the 209 pictures: enough to tell, and quick. */
const EVERY = 3;

describeShared("PatchCore on the bottles, trained as Anomalib 0.7.0 does", [WEIGHTS, DATA], () => {
  const folder = mkdtempSync(join(tmpdir(), "blemish-trained-patchcore-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const root = sharedPath(DATA);
  let model: TrainedModelFile;

  beforeAll(async () => {
    const backbone = join(folder, "resnet18");
    await writeBackbone(backbone, await importBackboneFile(sharedPath(WEIGHTS), { id: "resnet18" }));
    const goods = readdirSync(join(root, "train/good")).sort();
    const paths = goods.filter((_, i) => i % EVERY === 0).map((file) => join(root, "train/good", file));
    const options = { profile: "anomalib-0.7", head: "patchcore", coreset: 0.01 } as const;
    ({ model } = await trainModel(paths, { ...options, backbone }));
  }, 120_000);

  it("looks at what Anomalib looks at", () => {
    const count = model.manifest.training.count;
    expect(model.manifest.backbone.taps.map(({ name }) => name)).toEqual(["layer2", "layer3"]);
    expect(detectorsOf(model.manifest)).toMatchObject([
      {
        channels: 384,
        grid: { width: 32, height: 32 },
        head: { rows: Math.floor(0.01 * count * 1024), precision: "float32", neighbours: 9 },
      },
    ]);
  });

  it("tells parts apart as well", async () => {
    const path = join(folder, "bottle.blemish");
    writeFileSync(path, writeModelFile(model, sha256));
    const opened = await open(path, { workers: 2 });
    const pictures = readdirSync(join(root, "test")).flatMap((defect) =>
      readdirSync(join(root, "test", defect)).map((file) => ({ defect, file })),
    );
    const evaluation = evaluator(model.manifest.calibration.imageThreshold);
    const paths = pictures.map(({ defect, file }) => join(root, "test", defect, file));
    for await (const { index, result, error } of opened.predictMany(paths)) {
      if (error !== undefined) throw error;
      const { defect, file } = pictures[index]!;
      const label = defect === "good" ? ("good" as const) : ("anomalous" as const);
      const truth = join(root, "ground_truth", defect, file.replace(".png", "_mask.png"));
      const mask = label === "good" ? null : await readMask(truth, result.width, result.height);
      const { rawScore, rawMap, predLabel } = result;
      evaluation.add({
        ...{ label, score: rawScore as number, map: rawMap, mask },
        ...{ path: paths[index]!, defect: label === "good" ? "" : defect, predLabel },
      });
    }
    await opened.close();
    const { imageAUROC, pixelAUROC } = evaluation.figures();
    console.log(`bottles: image AUROC ${imageAUROC}, pixel AUROC ${pixelAUROC}`);
    expect(imageAUROC).toBeGreaterThanOrEqual(0.999);
    expect(pixelAUROC).toBeGreaterThanOrEqual(0.975);
  }, 120_000);
});
