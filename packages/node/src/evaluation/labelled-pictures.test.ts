import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatasetItem } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeTinyDataset } from "../../../../tests/support/tiny-dataset.js";
import { TINY_SIDE, writeTinyModel } from "../../../../tests/support/tiny-model.js";
import type { Model } from "../model/model.js";
import { open } from "../model/open.js";
import { type FailedItem, type JudgedItem, labelledPictures } from "./labelled-pictures.js";

let folder = "";
let model: Model;
let items: DatasetItem[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-labelled-"));
  model = await open(await writeTinyModel(join(folder, "model")));
  items = await writeTinyDataset(folder);
});
afterAll(async () => {
  await model.close();
  await rm(folder, { recursive: true });
});

describe("labelledPictures", () => {
  it("gives each item in order: truth and result, or the error", async () => {
    const found: (JudgedItem | FailedItem)[] = [];
    for await (const one of labelledPictures(model, items)) found.push(one);
    expect(found.map(({ item: { path } }) => path)).toEqual(items.map(({ path }) => path));
    expect(found[1]?.error?.code).toBe("IMAGE_FORMAT");
    const bad = found[2] as JudgedItem;
    expect(bad.picture).toMatchObject({ label: "anomalous", defect: "dirt", predLabel: true });
    expect(bad.picture.mask).toMatchObject({ width: TINY_SIDE, height: TINY_SIDE });
    expect(bad.picture.score).toBe(bad.result.rawScore);
    expect((found[3] as JudgedItem).maskError?.code).toBe("MASK");
    expect((found[3] as JudgedItem).picture.mask).toBeNull();
  });

  it("ends with its signal", async () => {
    const all = labelledPictures(model, items, { signal: AbortSignal.abort() });
    await expect(all.next()).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
