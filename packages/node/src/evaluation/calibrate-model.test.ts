import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatasetItem } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeTinyDataset } from "../../../../tests/support/tiny-dataset.js";
import { writeTinyModel } from "../../../../tests/support/tiny-model.js";
import type { Model } from "../model/model.js";
import { open } from "../model/open.js";
import { calibrateModel } from "./calibrate-model.js";
import { evaluateModel } from "./evaluate-model.js";

let folder = "";
let model: Model;
let items: DatasetItem[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-calibrate-"));
  model = await open(await writeTinyModel(join(folder, "model")));
  items = await writeTinyDataset(folder);
});
afterAll(async () => {
  await model.close();
  await rm(folder, { recursive: true });
});

describe("calibrateModel", () => {
  it("puts the threshold on the lowest anomalous score when the classes part, and ranges over all maps", async () => {
    const { found, failed } = await calibrateModel(model, { items });
    const { pictures } = await evaluateModel(model, { items });
    const bads = pictures.filter(({ label }) => label === "anomalous").map(({ score }) => score);
    expect(found.imageThreshold).toBe(Math.min(...bads));
    expect(found.min).toBeLessThan(found.max);
    expect(found.max).toBe(Math.max(...pictures.map(({ score }) => score)));
    expect(failed.map(({ item }) => item)).toEqual([items[1]]);
  });

  it("needs both labels", async () => {
    const goods = items.filter(({ label }) => label === "good");
    await expect(calibrateModel(model, { items: goods })).rejects.toMatchObject({ code: "MODEL_STATISTICS" });
  });
});
