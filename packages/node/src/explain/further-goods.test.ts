import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binomialInterval } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSmallTrained } from "../../../../tests/support/small-trained.js";
import { findImages } from "../images/find-images.js";
import type { Model } from "../model/model.js";
import { open } from "../model/open.js";
import { readTrainedModel } from "../model/trained-model-file.js";
import { judgeFurther } from "./further-goods.js";

let folder = "";
let model: Model;
let goods: string[] = [];
let learnt: { path: string; sha256: string }[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-goods-"));
  const files = await writeSmallTrained(folder);
  model = await open(files.model, { workers: 1 });
  learnt = [...(await readTrainedModel(files.model)).manifest.training.files];
  goods = (await findImages([join(files.set, "test/good")])).map(({ path }) => path);
});
afterAll(async () => {
  await model.close();
  await rm(folder, { recursive: true });
});

describe("judgeFurther", () => {
  it("counts alarms at both thresholds, more at the lower one", async () => {
    const told: string[] = [];
    const onProgress = (done: number, total: number) => void told.push(`${done}/${total}`);
    const scores: number[] = [];
    for (const path of goods) scores.push((await model.predict(path)).rawScore!);
    const middle = scores.toSorted((a, b) => a - b)[1]!;
    const found = await judgeFurther(model, goods, learnt, middle, { onProgress });
    expect(told).toEqual(["1/3", "2/3", "3/3"]);
    expect(found).toMatchObject({ pictures: 3, known: 0, failed: [] });
    expect(found.lowered).toEqual({ alarms: 2, rate: 2 / 3, interval: binomialInterval(2, 3) });
    const above = (threshold: number) => scores.filter((score) => score >= threshold).length;
    expect(found.now.alarms).toBe(above(model.description.imageThreshold!));
    for (const threshold of scores)
      expect((await judgeFurther(model, goods, learnt, threshold)).lowered!.alarms).toBe(above(threshold));
    expect((await judgeFurther(model, goods, learnt, null)).lowered).toBeNull();
  });

  it("leaves out what the model has learnt from, and names what cannot be judged", async () => {
    const broken = join(folder, "broken.png");
    await writeFile(broken, "no picture");
    const paths = [learnt[0]!.path, ...goods, broken, join(folder, "gone.png")];
    const found = await judgeFurther(model, paths, learnt, 0.001);
    expect(found).toMatchObject({ pictures: 3, known: 1, failed: [broken, join(folder, "gone.png")] });
    expect(found.lowered?.alarms).toBe(3);
    const none = await judgeFurther(model, [learnt[0]!.path], learnt, 1);
    expect(none).toMatchObject({ pictures: 0, known: 1, now: { alarms: 0, rate: 0, interval: [0, 1] } });
  });

  it("can be cancelled", async () =>
    await expect(
      judgeFurther(model, goods, learnt, 1, { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: "CANCELLED" }));
});
