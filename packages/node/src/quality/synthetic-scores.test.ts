import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { detectorsOf, type TrainedModelFile } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSynthSet } from "../datasets/write-synth-set.js";
import { findImages } from "../images/find-images.js";
import { open } from "../model/open.js";
import { saveModel } from "../training/save-model.js";
import { trainModel } from "../training/train-model.js";
import { DEFECTS_EACH, syntheticScores } from "./synthetic-scores.js";

let folder = "";
let held: string[] = [];
let goods: string[] = [];
let model: TrainedModelFile;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-synthetic-"));
  const set = { seed: 8, train: 8, testGood: 0, testBad: 0, width: 64, height: 64 };
  await writeSynthSet("washer", folder, { ...set, workers: 1 });
  goods = (await findImages([folder])).map(({ path }) => path);
  held = goods.slice(6);
  ({ model } = await trainModel(goods.slice(0, 6), { size: 64, workers: 1 }));
});
afterAll(() => rm(folder, { recursive: true }));

describe("syntheticScores", () => {
  const factors = () => detectorsOf(model.manifest).map(({ factor }) => factor);

  it("scores as the opened model does, and every pasted defect", async () => {
    const seen: number[] = [];
    const onProgress = (done: number) => seen.push(done);
    const [scores] = await syntheticScores(model, { held, bad: [held[0]!] }, [factors()], { onProgress });
    expect(scores!.pasted.good).toHaveLength(2);
    expect(scores!.pasted.anomalous).toHaveLength(2 * DEFECTS_EACH);
    expect(seen).toEqual([1, 2, 3]);
    const path = join(folder, "part.blemish");
    await saveModel(path, model);
    const opened = await open(path, { workers: 1 });
    const { rawScore } = await opened.predict(held[0]!);
    await opened.close();
    expect(scores!.pasted.good[0]).toBe(rawScore);
    expect(scores!.real.anomalous[0]).toBe(rawScore);
  });

  it("adds the detectors up by their factors", async () => {
    const [a, b] = factors();
    const ways = [
      [a!, 0],
      [2 * a!, 0],
      [a!, b!],
    ];
    const [one, two, both] = await syntheticScores(model, { held, bad: [] }, ways);
    expect(two!.pasted.good[0]! / one!.pasted.good[0]!).toBeCloseTo(2, 5);
    expect(both!.pasted.good[0]).toBeGreaterThan(one!.pasted.good[0]!);
  });

  it("puts defects where the model judges", async () => {
    const circle = { type: "circle", x: 32, y: 32, radius: 12 } as const;
    const region = { include: [circle], ignore: [] };
    const narrow = await trainModel(goods.slice(0, 6), { size: 64, workers: 1, region });
    const weighing = detectorsOf(narrow.model.manifest).map(({ factor }) => factor);
    const many = Array.from({ length: 8 }, () => held[0]!);
    const [scores] = await syntheticScores(narrow.model, { held: many, bad: [] }, [weighing]);
    const { good, anomalous } = scores!.pasted;
    expect(anomalous).toHaveLength(8 * DEFECTS_EACH);
    // Outside of the region nothing changes a bit of the score.
    expect(anomalous).not.toContain(good[0]);
  });

  it("can be cancelled", async () =>
    await expect(
      syntheticScores(model, { held, bad: [] }, [factors()], { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: "CANCELLED" }));
});
