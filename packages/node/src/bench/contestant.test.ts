import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tinyPicture, writeTinyModel, writeTinyPicture } from "../../../../tests/support/tiny-model.js";
import { arrangementsOf } from "./arrangements.js";
import { closeContestant, openContestant, takeTurn } from "./contestant.js";

let folder = "";
let model = "";
let picture = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-contestant-"));
  model = await writeTinyModel(folder);
  picture = join(folder, "a.png");
  await writeTinyPicture(picture, 20);
});
afterAll(() => rm(folder, { recursive: true }));

describe("a contestant", () => {
  it("opens one model for one arrangement, and remembers what counts", async () => {
    const setting = { workers: 1, threads: 1 };
    const one = await openContestant(model, setting, arrangementsOf(setting, 2), undefined);
    try {
      expect(one.together).toBe(one.alone);
      const turn = { alone: [picture, picture], files: [picture, picture, picture], pixels: [] };
      await takeTurn(one, turn, false, undefined);
      expect([one.laps, one.files, one.pixels]).toEqual([[], [], []]);
      await takeTurn(one, turn, true, undefined);
      await takeTurn(one, { ...turn, pixels: [tinyPicture(40, 40, 0)] }, true, undefined);
      expect(one.laps.map((laps) => laps.length)).toEqual([2, 2]);
      expect([one.files.length, one.pixels.length]).toEqual([2, 1]);
    } finally {
      await closeContestant(one);
    }
    await expect(one.alone.predict(picture)).rejects.toMatchObject({ code: "MODEL_CLOSED" });
  });

  it("opens two models for two arrangements", async () => {
    const two = await openContestant(model, {}, arrangementsOf({}, 2), undefined);
    expect(two.together).not.toBe(two.alone);
    await closeContestant(two);
    for (const one of [two.alone, two.together])
      await expect(one.predict(picture)).rejects.toMatchObject({ code: "MODEL_CLOSED" });
  });

  it("says what `open` says", async () => {
    const missing = openContestant(join(folder, "none.onnx"), {}, arrangementsOf({}, 2), undefined);
    await expect(missing).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
    const cancelled = openContestant(model, {}, arrangementsOf({}, 2), AbortSignal.abort());
    await expect(cancelled).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
