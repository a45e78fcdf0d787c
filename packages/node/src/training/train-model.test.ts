import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderPart, type TrainedModelFile, writeModelFile } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smallImported } from "../../../../tests/support/small-model.js";
import { encodePng } from "../images/encode-png.js";
import { open } from "../model/open.js";
import { sha256 } from "../sha256.js";
import { trainModel } from "./train-model.js";

const COUNT = 14;
let folder: string;
let pictures: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-train-"));
  pictures = Array.from({ length: COUNT }, (_, i) => join(folder, `${String(i).padStart(3, "0")}.png`));
  for (const [seed, path] of pictures.entries())
    await writeFile(path, await encodePng(renderPart("cap", { seed, width: 64, height: 64 }).image));
});
afterAll(() => rm(folder, { recursive: true }));

const SMALL = { size: 64, workers: 1, falseAlarmRate: 0.1 } as const;

describe("trainModel", () => {
  it("gives a model that judges: good parts below, a defect above the threshold", async () => {
    const stages: string[] = [];
    const { model, calibration } = await trainModel(pictures, {
      ...SMALL,
      onProgress: (stage, done, total) => void (done === total && stages.push(stage)),
    });
    expect(stages).toEqual(["fit", "calibrate"]);
    expect(calibration.scores).toHaveLength(COUNT);
    expect(model.manifest.training.files[3]?.path).toBe(pictures[3]);
    const path = join(folder, "cap.blemish");
    await writeFile(path, writeModelFile(model, sha256));
    const opened = await open(path);
    const defect = { type: "missing" as const, size: 0.35, contrast: 1 };
    const bad = await opened.predict(renderPart("cap", { seed: 90, width: 64, height: 64, defect }).image);
    const good = await opened.predict(renderPart("cap", { seed: 3, width: 64, height: 64 }).image);
    await opened.close();
    expect([bad.verdict, good.verdict]).toEqual(["anomalous", "good"]);
    expect(bad.rawScore).toBeGreaterThan(2 * (good.rawScore ?? 0));
    expect(bad.predMask?.data.some((value) => value === 1)).toBe(true);
  });

  it("is the same bytes for the same pictures, and when pictures are added later", async () => {
    const bytes = async (training: ReturnType<typeof trainModel>) =>
      sha256([writeModelFile((await training).model, sha256)]);
    const whole = await bytes(trainModel(pictures, { ...SMALL, keepStatistics: true }));
    expect(await bytes(trainModel(pictures, { ...SMALL, workers: 2, keepStatistics: true }))).toBe(whole);
    const { model: first } = await trainModel(pictures.slice(0, 9), { ...SMALL, keepStatistics: true });
    expect(await bytes(trainModel(pictures.slice(9), { ...SMALL, addTo: first }))).toBe(whole);
  });

  it("refuses too few pictures, equal pictures, changed pictures and other statistics", async () => {
    await expect(trainModel(pictures.slice(0, 1), SMALL)).rejects.toThrow(/at least 2 pictures/);
    await expect(trainModel(pictures.slice(0, 2), SMALL)).rejects.toThrow(/at least 3 pictures/);
    await expect(trainModel([pictures[0]!, pictures[0]!, pictures[0]!], SMALL)).rejects.toThrow(
      /all the same/,
    );
    const imported = smallImported() as unknown as TrainedModelFile;
    await expect(trainModel(pictures, { ...SMALL, addTo: imported })).rejects.toThrow(/MODEL_NOT_TRAINED/);
    const { model } = await trainModel(pictures.slice(0, 5), SMALL);
    await expect(trainModel(pictures.slice(5, 8), { ...SMALL, addTo: model })).rejects.toThrow(
      /keep-statistics/,
    );
    await expect(trainModel([...pictures.slice(0, 3), "missing.png"], SMALL)).rejects.toThrow(
      /IMAGE_NOT_FOUND/,
    );
  });

  it("can be cancelled", async () => {
    const stop = new AbortController();
    const training = trainModel(pictures, { ...SMALL, signal: stop.signal, onProgress: () => stop.abort() });
    await expect(training).rejects.toThrow(/CANCELLED/);
  });
});
