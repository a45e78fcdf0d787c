import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeTinyModel, writeTinyPicture } from "../../../../tests/support/tiny-model.js";
import type { Model } from "../model/model.js";
import { open } from "../model/open.js";
import { measureAlone, measureTogether } from "./measure-turn.js";

let folder = "";
let model: Model;
let picture = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-turn-"));
  model = await open(await writeTinyModel(folder));
  picture = join(folder, "a.png");
  await writeTinyPicture(picture, 20);
});
afterAll(async () => {
  await model.close();
  await rm(folder, { recursive: true });
});

describe("a turn", () => {
  it("times every stage of pictures that are judged alone", async () => {
    const laps = await measureAlone(model, [picture, picture, picture], undefined);
    expect(laps).toHaveLength(3);
    for (const { ms, timings } of laps) {
      const { read, preProcess, network, postProcess, pictures, encode } = timings;
      expect(Math.min(read, preProcess, network, postProcess, pictures, encode)).toBeGreaterThan(0);
      expect(ms).toBeGreaterThan(preProcess + network + postProcess);
    }
  });

  it("gives pictures a second and processor time of many", async () => {
    const { perSecond, cpuMs } = await measureTogether(model, Array(20).fill(picture), undefined);
    expect(perSecond).toBeGreaterThan(1);
    expect(cpuMs).toBeGreaterThan(0);
  });

  it("stops at a picture that cannot be judged, and at the signal", async () => {
    const broken = join(folder, "broken.png");
    await writeFile(broken, "no picture");
    const failing = [picture, broken];
    await expect(measureAlone(model, failing, undefined)).rejects.toMatchObject({ subject: broken });
    await expect(measureTogether(model, failing, undefined)).rejects.toMatchObject({ subject: broken });
    const cancelled = AbortSignal.abort();
    await expect(measureAlone(model, [picture], cancelled)).rejects.toMatchObject({ code: "CANCELLED" });
    await expect(measureTogether(model, [picture], cancelled)).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
