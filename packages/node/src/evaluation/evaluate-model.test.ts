import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DatasetItem, evaluator } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeTinyDataset } from "../../../../tests/support/tiny-dataset.js";
import { writeTinyModel } from "../../../../tests/support/tiny-model.js";
import type { Model } from "../model/model.js";
import { open } from "../model/open.js";
import { evaluateModel } from "./evaluate-model.js";
import { labelledPictures } from "./labelled-pictures.js";

let folder = "";
let model: Model;
let items: DatasetItem[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-evaluate-"));
  model = await open(await writeTinyModel(join(folder, "model")));
  items = await writeTinyDataset(folder);
});
afterAll(async () => {
  await model.close();
  await rm(folder, { recursive: true });
});

describe("evaluateModel", () => {
  it("counts what core's evaluator counts, and names what it left out", async () => {
    const done: number[] = [];
    const onPicture = (_: unknown, count: number, total: number) => void done.push(count / total);
    const test = await evaluateModel(model, { items }, { onPicture });
    expect(done).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
    const own = evaluator(5);
    for await (const one of labelledPictures(model, items)) if (one.error === undefined) own.add(one.picture);
    const { figures, curves, pictures, failed, withoutMask } = test;
    expect(figures).toEqual(own.figures());
    expect(figures).toMatchObject({ good: 2, anomalous: 2, imageThreshold: 5, imageAUROC: 1, escapes: 0 });
    expect(figures.pixelAUROC).not.toBeNaN();
    expect(curves.pro).not.toBeNull();
    expect(pictures).toHaveLength(4);
    expect(failed.map(({ item: { path } }) => path)).toEqual([items[1]!.path]);
    expect(withoutMask).toEqual([items[3]]);
  });

  it("uses the threshold that the model was opened with", async () => {
    const strict = await open(join(folder, "model"), { threshold: 9.75 });
    const { figures } = await evaluateModel(strict, { items });
    await strict.close();
    expect(figures).toMatchObject({ imageThreshold: 9.75 });
  });

  it("has figures even for no picture at all", async () => {
    const { figures } = await evaluateModel(model, { items: [] });
    expect(figures).toMatchObject({ good: 0, anomalous: 0, imageThreshold: 5, imageAUROC: Number.NaN });
  });

  it("is cancelled by its signal", async () => {
    const cancelled = evaluateModel(model, { items }, { signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
