import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSynthSet } from "../datasets/write-synth-set.js";
import { findImages } from "../images/find-images.js";
import { choose, chooseQuality } from "./choose-quality.js";

let folder = "";
let goods: string[] = [];
let bad: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-quality-"));
  const set = { seed: 3, train: 9, testGood: 0, testBad: 2, width: 96, height: 96 };
  await writeSynthSet("washer", folder, { ...set, workers: 1 });
  goods = (await findImages([join(folder, "train")])).map(({ path }) => path);
  bad = (await findImages([join(folder, "test")])).map(({ path }) => path);
});
afterAll(() => rm(folder, { recursive: true }));

describe("choose", () => {
  const random = seededRandom(1);
  const scores = (gap: number) => ({
    good: Array.from({ length: 40 }, () => random.normal()),
    anomalous: Array.from({ length: 80 }, () => random.normal() + gap),
  });

  it("takes the last unless another is better beyond doubt", () => {
    const [poor, fair, good] = [scores(0.2), scores(1), scores(4)];
    expect(choose([poor, fair, good])).toEqual({ at: 2, decided: true });
    expect(choose([poor, good, fair])).toEqual({ at: 1, decided: true });
    expect(choose([fair, fair])).toEqual({ at: 1, decided: false });
    expect(choose([fair])).toEqual({ at: 0, decided: false });
  });
});

describe("chooseQuality", () => {
  it("measures what it chooses by, on pasted and on real defects", async () => {
    const choice = await chooseQuality(goods, {
      maxMs: 60_000,
      qualities: ["fast"],
      bad,
      turned: false,
      workers: 1,
    });
    expect(choice).toMatchObject({ quality: "fast", decided: false, by: "real", pictures: 3 });
    const [fast] = choice.candidates;
    expect(fast).toMatchObject({ quality: "fast", affordable: true });
    expect(fast!.ms).toBeGreaterThan(0);
    expect(fast!.bytes).toBeGreaterThan(100_000);
    expect(fast!.pasted!.auroc).toBeGreaterThanOrEqual(0);
    expect(fast!.real!.auroc).toBeGreaterThan(0.5);
    expect(fast!.fusion).toMatchObject({ pictures: 3, defects: 6 });
  });

  it("says the fastest time when none is quick enough, and when there are too few pictures", async () => {
    const slow = chooseQuality(goods, { maxMs: 0.01, qualities: ["fast"], turned: false, workers: 1 });
    await expect(slow).rejects.toMatchObject({
      code: "OPTION_VALUE",
      expected: expect.stringMatching(/at least \d+ ms, which quality fast takes/),
    });
    await expect(chooseQuality(goods.slice(0, 4), { maxMs: 50 })).rejects.toMatchObject({
      code: "OPTION_VALUE",
      found: "4",
    });
  });

  it("can be cancelled", async () =>
    await expect(
      chooseQuality(goods, { maxMs: 50, qualities: ["fast"], signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: "CANCELLED" }));
});
