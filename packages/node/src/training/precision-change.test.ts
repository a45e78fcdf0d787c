import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderPart, writeModelFile } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadBackbone } from "../backbones/load-backbone.js";
import { writeBackbone } from "../backbones/write-backbone.js";
import { encodePng } from "../images/encode-png.js";
import { open } from "../model/open.js";
import { sha256 } from "../sha256.js";
import { precisionChange } from "./precision-change.js";
import { type TrainedModel, trainModel } from "./train-model.js";

const SMALL = { size: 96, workers: 1, falseAlarmRate: 0.2 } as const;
let folder = "";
let pictures: string[] = [];
let int8: TrainedModel;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-precision-"));
  pictures = Array.from({ length: 12 }, (_, seed) => join(folder, `${seed}.png`));
  for (const [seed, path] of pictures.entries())
    await writeFile(path, await encodePng(renderPart("cap", { seed, width: 96, height: 96 }).image));
  int8 = await trainModel(pictures, { ...SMALL, precision: "int8" });
});
afterAll(() => rm(folder, { recursive: true }));

describe("training on the int8 backbone", () => {
  it("gives a model that carries it, and judges without being told", async () => {
    const { manifest, modelBytes } = await loadBackbone(undefined, "int8");
    expect(int8.model.manifest.backbone).toEqual(manifest);
    expect(manifest).toMatchObject({ precision: "int8", model: "model-int8.onnx" });
    expect(Buffer.compare(int8.model.backbone, modelBytes)).toBe(0);
    const path = join(folder, "cap.blemish");
    await writeFile(path, writeModelFile(int8.model, sha256));
    const opened = await open(path);
    const defect = { type: "missing" as const, size: 0.35, contrast: 1 };
    const bad = await opened.predict(renderPart("cap", { seed: 90, width: 96, height: 96, defect }).image);
    await opened.close();
    expect(bad.verdict).toBe("anomalous");
  });

  it("moves scores a little, measured against a float32 training of the same pictures", async () => {
    const stages = new Set<string>();
    const change = await precisionChange(int8, pictures, {
      ...SMALL,
      onProgress: (stage) => void stages.add(stage),
    });
    expect([...stages]).toEqual(["fit", "select", "calibrate"]);
    const exact = await trainModel(pictures, SMALL);
    const relative = ({ calibration: { scores, image } }: TrainedModel) =>
      [...scores].map((score) => score / image.threshold);
    const [before, after] = [relative(exact), relative(int8)];
    const changes = before.map((score, at) => Math.abs(score - after[at]!));
    expect(change).toMatchObject({ pictures: 12, largest: Math.max(...changes) });
    expect(change.largest).toBeGreaterThan(0);
    expect(change.median).toBeLessThan(0.1);
    expect(change.flipped).toEqual(
      before.flatMap((score, at) => (score >= 1 === after[at]! >= 1 ? [] : [at])),
    );
  });

  it("is refused for a backbone without an int8 network", async () => {
    const { manifest } = await loadBackbone();
    const own = join(folder, "own");
    await writeBackbone(own, { manifest, model: (await loadBackbone()).modelBytes });
    await expect(trainModel(pictures, { ...SMALL, backbone: own, precision: "int8" })).rejects.toMatchObject({
      code: "BACKBONE",
      expected: "an int8 network, as blemish backbone quantise makes it",
    });
  });
});
