import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderPart, type TrainedModelFile, writeModelFile } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodePng } from "../images/encode-png.js";
import { open } from "../model/open.js";
import { sha256 } from "../sha256.js";
import { trainModel } from "../training/train-model.js";
import { narrowWithGoods } from "./narrow-with-goods.js";

let folder: string;
let pictures: string[];
let before: TrainedModelFile;
const LEFT = { type: "rectangle", x: 0, y: 0, width: 32, height: 64 } as const;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-narrow-"));
  pictures = Array.from({ length: 12 }, (_, i) => join(folder, `${i}.png`));
  for (const [seed, path] of pictures.entries())
    await writeFile(path, await encodePng(renderPart("cap", { seed, width: 64, height: 64 }).image));
  ({ model: before } = await trainModel(pictures.slice(0, 6), { size: 64, workers: 1, falseAlarmRate: 0.2 }));
});
afterAll(() => rm(folder, { recursive: true }));

describe("narrowWithGoods", () => {
  it("judges less, with thresholds from pictures that it was not trained on, and keeps what was learnt", async () => {
    const done: number[] = [];
    const { model, used, known } = await narrowWithGoods(before, [LEFT], pictures, {
      onPicture: (count) => void done.push(count),
    });
    expect([used, known.length, done.at(-1)]).toEqual([6, 6, 6]);
    expect(model.detectors).toEqual(before.detectors);
    const { calibration } = model.manifest;
    expect(calibration.method).toBe("good-pictures");
    expect(calibration.changes.at(-1)?.reason).toContain("rectangle:0,0,32,64, on 6 good pictures");
    const path = join(folder, "narrow.blemish");
    await writeFile(path, writeModelFile(model, sha256));
    const opened = await open(path);
    try {
      const results = [];
      for (const picture of pictures.slice(6)) results.push(await opened.predict(picture));
      expect(results.map(({ rawScore }) => rawScore)).toEqual([...model.scores]);
      for (const { anomalyMap } of results)
        for (let y = 0; y < 64; y++)
          expect(anomalyMap!.data.subarray(64 * y, 64 * y + 30).every((value) => value === 0)).toBe(true);
      const other = renderPart("cap", { seed: 1, width: 80, height: 64 }).image;
      await expect(opened.predict(other)).rejects.toThrow("PICTURE_SIZE");
    } finally {
      await opened.close();
    }
    await expect(trainModel(pictures.slice(6), { addTo: model, workers: 1 })).rejects.toThrow("judge less");
  });

  it("needs good pictures that it does not know, and shapes that leave something", async () => {
    await expect(narrowWithGoods(before, [LEFT], pictures.slice(0, 6))).rejects.toThrow("MODEL_STATISTICS");
    await expect(narrowWithGoods(before, [{ type: "border", width: 40 }], pictures)).rejects.toThrow(
      "REGION",
    );
  });
});
