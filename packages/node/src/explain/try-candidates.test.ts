import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changeThreshold, type Mask, promiseFor, type RgbImage, type TrainedModelFile } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSmallTrained } from "../../../../tests/support/small-trained.js";
import { readMask } from "../datasets/read-mask.js";
import { readImage } from "../images/read-image.js";
import { readTrainedModel } from "../model/trained-model-file.js";
import { type TryRequest, tryCandidates } from "./try-candidates.js";

let folder = "";
let model: TrainedModelFile;
let pictures: string[] = [];
let image: RgbImage;
let mask: Mask;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-try-"));
  const files = await writeSmallTrained(folder);
  model = await readTrainedModel(files.model);
  pictures = model.manifest.training.files.map(({ path }) => path);
  image = await readImage(join(files.set, "test/missing/000.png"));
  mask = await readMask(join(files.set, "ground_truth/missing/000_mask.png"), 64, 64);
});
afterAll(() => rm(folder, { recursive: true }));

const request = (names: readonly string[], changed: Partial<TryRequest> = {}): TryRequest => ({
  ...{ model, pictures, image, mask, names },
  ...changed,
});

describe("tryCandidates", () => {
  it("trains each, with a threshold of its own for the same rate, and times it", async () => {
    const told: string[] = [];
    const onProgress = (name: string, done: number, total: number) =>
      void told.push(`${name} ${done}/${total}`);
    const tried = await tryCandidates(request(["64", "padim", "96"]), { workers: 1, onProgress });
    expect(told).toEqual(["64 0/3", "padim 1/3", "96 2/3", " 3/3"]);
    expect(tried.map(({ name, own }) => [name, own])).toEqual([
      ["64", true],
      ["padim", false],
      ["96", false],
    ]);
    for (const { score, threshold, relative, caught, ms, bytes, expectedRate, guaranteedRate } of tried) {
      expect(relative).toBe(score / threshold);
      expect(caught).toBe(score >= threshold);
      expect(ms).toBeGreaterThan(0);
      expect(bytes).toBeGreaterThan(100_000);
      // Ten pictures: the highest score, whatever was asked for.
      expect([expectedRate, guaranteedRate > expectedRate]).toEqual([1 / 11, true]);
    }
    expect(new Set(tried.map(({ threshold }) => threshold)).size).toBe(3);
  });

  it("compares at the rate that the model was set to, not at a threshold that was moved by hand", async () => {
    const moved = changeThreshold(model, { threshold: 1000 }, "for this test");
    const [own] = await tryCandidates(request(["fusion"], { model: moved }), { workers: 1 });
    expect(own).toMatchObject({ own: true, threshold: promiseFor(model.scores, 0.05).threshold });
    const often = changeThreshold(model, { falseAlarmRate: 0.5 }, "");
    const [half] = await tryCandidates(request(["fusion"], { model: often }), { workers: 1 });
    expect(half).toMatchObject({ own: true, threshold: promiseFor(model.scores, 0.5).threshold });
  });

  it("refuses an unknown name before anything is trained, and can be cancelled", async () => {
    const told: string[] = [];
    const onProgress = (name: string) => void told.push(name);
    await expect(tryCandidates(request(["96", "best"]), { onProgress })).rejects.toMatchObject({
      code: "OPTION_VALUE",
    });
    expect(told).toEqual([]);
    const stop = new AbortController();
    const cancelling = (name: string) => void (name === "96" && stop.abort());
    await expect(
      tryCandidates(request(["64", "96"]), { workers: 1, signal: stop.signal, onProgress: cancelling }),
    ).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
