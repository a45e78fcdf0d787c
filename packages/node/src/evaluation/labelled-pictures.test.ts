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

  it("has pictures explained that are anomalous or called so, a missed one at a second look", async () => {
    const asked: unknown[] = [];
    const result = (path: string, explain: unknown) => {
      asked.push([path, explain]);
      const predLabel = path.startsWith("hot");
      const explained = explain === true || (explain === "anomalous" && predLabel);
      return {
        rawScore: 1,
        predLabel,
        rawMap: null,
        width: 4,
        height: 4,
        explanations: explained ? [path] : null,
      };
    };
    const fake = {
      explains: true,
      description: { preprocessing: [] },
      async *predictMany(paths: readonly string[], { explain }: { explain: unknown }) {
        for (const [index, path] of paths.entries()) yield { index, result: result(path, explain) };
      },
      predict: async (path: string, { explain }: { explain: unknown }) => result(path, explain),
    } as unknown as Model;
    const some = (["hot good", "cold good", "hot bad", "cold bad"] as const).map((path) => ({
      ...items[0]!,
      path,
      label: path.endsWith("bad") ? ("anomalous" as const) : ("good" as const),
      mask: null,
    }));
    const why: unknown[] = [];
    for await (const one of labelledPictures(fake, some, { explain: true }))
      why.push(one.error === undefined ? one.result.explanations : one.error);
    expect(why).toEqual([["hot good"], null, ["hot bad"], ["cold bad"]]);
    expect(asked.at(-1)).toEqual(["cold bad", true]);
    expect(asked).toHaveLength(5);
  });

  it("ends with its signal", async () => {
    const all = labelledPictures(model, items, { signal: AbortSignal.abort() });
    await expect(all.next()).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
