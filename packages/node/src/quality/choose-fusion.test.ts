import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSynthSet } from "../datasets/write-synth-set.js";
import { findImages } from "../images/find-images.js";
import { trainModel } from "../training/train-model.js";
import { chooseFusion, fusionChoice, weighings } from "./choose-fusion.js";

let folder = "";
let goods: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-fusion-"));
  const set = { seed: 5, train: 9, testGood: 0, testBad: 0, width: 64, height: 64 };
  await writeSynthSet("washer", folder, { ...set, workers: 1 });
  goods = (await findImages([folder])).map(({ path }) => path);
});
afterAll(() => rm(folder, { recursive: true }));

const side = (good: number[], pasted: number[]) => ({
  pasted: { good, anomalous: pasted },
  real: { good, anomalous: [] },
});

describe("fusionChoice", () => {
  const [sharp, blunt] = [side([1, 2, 3], [4, 5, 6]), side([1, 2, 3], [0, 2.5, 4])];

  it("gives the better head its way", () => {
    expect(fusionChoice(sharp, blunt)).toMatchObject({ weight: 1, padim: 1, pictures: 3, defects: 3 });
    expect(fusionChoice(blunt, sharp)).toMatchObject({ weight: 0.25, patchcore: 1 });
  });

  it("keeps the measured default where nothing tells the heads apart", () =>
    expect(fusionChoice(sharp, sharp)).toMatchObject({ weight: 0.5, interval: [0, 0], decided: false }));
});

describe("chooseFusion", () => {
  it("compares the heads of a model that has not seen the pictures", async () => {
    const choice = await chooseFusion(goods, { size: 64, workers: 1 });
    expect(choice).toMatchObject({ pictures: 3, defects: 6 });
    expect([1, 0.25, 0.5]).toContain(choice!.weight);
    expect(choice!.interval[0]).toBeLessThanOrEqual(choice!.interval[1]);
  });

  it("has nothing to choose for one head, or with a handful of pictures", async () => {
    expect(await chooseFusion(goods, { size: 64, head: "padim", workers: 1 })).toBeNull();
    expect(await chooseFusion(goods.slice(0, 5), { size: 64, workers: 1 })).toBeNull();
  });
});

describe("weighings", () => {
  it("leaves only one head each", async () => {
    const { model } = await trainModel(goods, { size: 64, workers: 1 });
    const [padim, patchcore] = weighings(model)!;
    expect(padim.map((factor) => factor > 0)).toEqual([false, true]);
    expect(patchcore.map((factor) => factor > 0)).toEqual([true, false]);
  });
});
