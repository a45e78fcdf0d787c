import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSynthSet } from "../datasets/write-synth-set.js";
import { findImages } from "../images/find-images.js";
import { heldOutSensitivity } from "./held-out-sensitivity.js";

let folder = "";
let goods: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-held-out-"));
  const set = { seed: 8, train: 9, testGood: 0, testBad: 0, width: 64, height: 64 };
  await writeSynthSet("washer", folder, { ...set, workers: 1 });
  goods = (await findImages([folder])).map(({ path }) => path);
});
afterAll(() => rm(folder, { recursive: true }));

const training = { size: 64, workers: 1, turned: false, validity: false, falseAlarmRate: 0.1 } as const;
const wish = { sizes: [16], contrasts: [0.6], places: 4, types: ["foreign"] } as const;

describe("heldOutSensitivity", () => {
  it("measures a model of the other pictures on those that it has not seen", async () => {
    const told: number[] = [];
    const found = await heldOutSensitivity(goods, { training, wish, onProgress: (done) => told.push(done) });
    expect(found).toMatchObject({ pictures: 3, known: 0, failed: [], untouched: { judged: 3 } });
    expect(found.groups[0]!.cells).toMatchObject([{ size: 16, contrast: 0.6, tried: 4 }]);
    expect(told).toEqual([1, 2, 3, 4]);
  });

  it("needs enough pictures", async () => {
    const few = heldOutSensitivity(goods.slice(0, 5), { training, wish });
    await expect(few).rejects.toThrow(/at least 6.*5.*MODEL_STATISTICS/);
  });
});
