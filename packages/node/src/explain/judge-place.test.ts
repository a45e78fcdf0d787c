import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Mask } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSmallTrained } from "../../../../tests/support/small-trained.js";
import { writeTinyModel, writeTinyPicture } from "../../../../tests/support/tiny-model.js";
import { readImage } from "../images/read-image.js";
import { open } from "../model/open.js";
import { type Judge, judgePlace, openJudge } from "./judge-place.js";

let folder = "";
let files: { set: string; model: string };
let judge: Judge;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-judge-"));
  files = await writeSmallTrained(folder);
  judge = await openJudge(files.model);
});
afterAll(async () => {
  await judge.detector.close();
  await rm(folder, { recursive: true });
});

function boxMask(width: number, height: number, x: number, y: number, side: number): Mask {
  const data = new Uint8Array(width * height);
  for (let row = y; row < y + side; row++) data.fill(1, row * width + x, row * width + x + side);
  return { width, height, channels: 1, data };
}

describe("judgePlace", () => {
  it("says of a picture what predict says, and explains the place that was marked", async () => {
    const path = join(files.set, "train/good/002.png");
    const image = await readImage(path);
    const { facts, explanation, result } = await judgePlace(judge, image, boxMask(64, 64, 8, 40, 12));
    const model = await open(files.model);
    const predicted = await model.predict(path);
    await model.close();
    expect(facts.score).toBe(predicted.rawScore);
    expect(result.rawMap).toEqual(predicted.rawMap);
    const { x, y, peak } = facts.place;
    expect([x * 64 >= 8 && x * 64 < 20, y * 64 >= 40 && y * 64 < 52]).toEqual([true, true]);
    expect(peak).toBe(result.rawMap!.data[Math.floor(y * 64) * 64 + Math.floor(x * 64)]);
    expect(explanation).toMatchObject({ x, y });
    expect(explanation!.detectors.map(({ kind }) => kind)).toEqual(["patchcore", "padim"]);
    expect(explanation!.detectors[0]!.nearest[0]!.path).toContain(join(files.set, "train/good"));
    expect(explanation!.detectors.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
  });

  it("draws the heat only when it is asked to", async () => {
    const image = await readImage(join(files.set, "train/good/002.png"));
    const mask = boxMask(64, 64, 8, 40, 12);
    expect((await judgePlace(judge, image, mask)).result.heatMap).toBeNull();
    expect((await judgePlace(judge, image, mask, { heatMap: true })).result.heatMap?.width).toBe(64);
  });
});

describe("openJudge", () => {
  it("takes an export that runs whole, which explains nothing", async () => {
    const model = await writeTinyModel(join(folder, "tiny"));
    const exported = await openJudge(model);
    expect(exported.model).toBeNull();
    const path = join(folder, "picture.png");
    await writeTinyPicture(path, 20, 80, 60);
    const { facts, explanation } = await judgePlace(
      exported,
      await readImage(path),
      boxMask(80, 60, 4, 4, 9),
    );
    expect(explanation).toBeNull();
    expect(facts).toMatchObject({ rank: null, now: null });
    await exported.detector.close();
  });

  it("says what is no model", async () => {
    await expect(openJudge(join(folder, "none.blemish"))).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
  });
});
