import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changeThreshold, type PartKind, pasteDefect, renderPart } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSmallTrained } from "../../../../tests/support/small-trained.js";
import { writeTinyModel, writeTinyPicture } from "../../../../tests/support/tiny-model.js";
import { decodeImage } from "../images/decode-image.js";
import { encodeMaskPng, encodePng } from "../images/encode-png.js";
import { open } from "../model/open.js";
import { readTrainedModel } from "../model/trained-model-file.js";
import { saveModel } from "../training/save-model.js";
import { explainMiss } from "./explain-miss.js";

let folder = "";
let files: { set: string; model: string };
let missed = "";
let mask = "";
const at = (...parts: string[]) => join(folder, ...parts);
const PART: PartKind = "washer";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-miss-"));
  files = await writeSmallTrained(folder);
  missed = join(files.set, "test/missing/000.png");
  mask = join(files.set, "ground_truth/missing/000_mask.png");
});
afterAll(() => rm(folder, { recursive: true }));

/** The model with another threshold. */
async function withThreshold(name: string, threshold: number): Promise<string> {
  const model = changeThreshold(await readTrainedModel(files.model), { threshold }, "for this test");
  await saveModel(at(name), model);
  return at(name);
}

describe("explainMiss", () => {
  it("says a threshold at which predict calls the missed picture anomalous", async () => {
    const blind = await withThreshold("blind.blemish", 1000);
    const { facts, explanation, width, height, ...rest } = await explainMiss(blind, missed, { mask });
    expect({ width, height, ...rest }).toEqual({
      ...{ width: 64, height: 64, normalised: false, goods: null, tried: null, view: null },
    });
    expect(facts).toMatchObject({ anomalous: false, threshold: 1000, hottest: "place" });
    expect(facts.rank?.picture.count).toBe(10);
    expect(facts.rank?.place?.count).toBe(10);
    expect(explanation?.detectors).toHaveLength(2);
    const lowered = await withThreshold("lowered.blemish", facts.catching!.threshold);
    const model = await open(lowered, { workers: 1 });
    expect((await model.predict(missed)).verdict).toBe("anomalous");
    await model.close();
    expect((await explainMiss(lowered, missed, { mask })).facts.anomalous).toBe(true);
  });

  it("finds pasted defects at their own place, wherever they are", async () => {
    let hottest = 0;
    for (let seed = 0; seed < 6; seed++) {
      const good = renderPart(PART, { seed: 40 + seed, width: 64, height: 64 }).image;
      const pasted = pasteDefect(good, seed);
      await writeFile(at("pasted.png"), await encodePng(pasted.image));
      await writeFile(at("pasted-mask.png"), await encodeMaskPng(pasted.mask));
      const { facts } = await explainMiss(files.model, at("pasted.png"), { mask: at("pasted-mask.png") });
      if (facts.hottest === "place") hottest++;
      // The same place of the part without the defect is less hot.
      await writeFile(at("good.png"), await encodePng(good));
      const before = await explainMiss(files.model, at("good.png"), { mask: at("pasted-mask.png") });
      expect(before.facts.place.peak).toBeLessThan(facts.place.peak);
      expect(before.facts.rank!.place!.below).toBeLessThanOrEqual(facts.rank!.place!.below);
    }
    expect(hottest).toBeGreaterThanOrEqual(4);
  });

  it("measures further good pictures and draws what was marked", async () => {
    const goods = [0, 1, 2].map((i) => join(files.set, `test/good/00${i}.png`));
    const told: string[] = [];
    const onProgress = (what: string, done: number) => void told.push(`${what} ${done}`);
    const box = { x: 10, y: 12, width: 20, height: 8 };
    const {
      goods: found,
      facts,
      view,
    } = await explainMiss(
      files.model,
      missed,
      { box },
      {
        ...{ goods, view: true, onProgress },
      },
    );
    expect(facts.place.area).toBeCloseTo(160 / 4096, 12);
    expect(found).toMatchObject({ pictures: 3, known: 0, failed: [] });
    expect(told).toEqual(["goods 1", "goods 2", "goods 3"]);
    const { data, width } = await decodeImage(view!, "the view");
    expect(width).toBeGreaterThan(900);
    const magenta = Array.from({ length: data.length / 3 }, (_, i) => i).filter(
      (i) => data[3 * i]! > 240 && data[3 * i + 1]! < 90 && data[3 * i + 2]! > 240,
    );
    expect(magenta.length).toBeGreaterThan(200);
  });

  it("tries candidates on the training pictures, found again where they were moved to", async () => {
    const set = at("moving");
    await mkdir(set);
    const model = await readTrainedModel(files.model);
    const moved = model.manifest.training.files.map(({ path, sha256 }, i) => ({
      from: path,
      to: join(set, `${i}.png`),
      sha256,
    }));
    for (const { from, to } of moved) await copyFile(from, to);
    const training = {
      ...model.manifest.training,
      files: moved.map(({ to: path, sha256 }) => ({ path, sha256 })),
    };
    await saveModel(at("moving.blemish"), { ...model, manifest: { ...model.manifest, training } });
    const options = { candidates: ["96"], workers: 1 };
    const { tried } = await explainMiss(at("moving.blemish"), missed, { mask }, options);
    expect(tried).toMatchObject([{ name: "96", own: false, hottest: "place" }]);
    await rename(set, at("moved"));
    await expect(explainMiss(at("moving.blemish"), missed, { mask }, options)).rejects.toMatchObject({
      code: "TRAINING_PICTURES",
      subject: `The training pictures of ${at("moving.blemish")}`,
    });
    const goods = moved.map((_, i) => at("moved", `${i}.png`));
    const again = await explainMiss(at("moving.blemish"), missed, { mask }, { ...options, goods });
    expect(again.tried![0]).toMatchObject({ score: tried![0]!.score, threshold: tried![0]!.threshold });
    expect(again.goods).toMatchObject({ pictures: 0, known: 10 });
  });

  it("works for exports as far as it can, and says what they lack", async () => {
    const exported = await writeTinyModel(at("tiny"));
    await writeTinyPicture(at("tiny.png"), 20, 80, 60);
    const box = { x: 4, y: 4, width: 9, height: 9 };
    const { facts, explanation } = await explainMiss(exported, at("tiny.png"), { box });
    expect(facts).toMatchObject({ rank: null, now: null, catching: { promise: null } });
    expect(explanation).toBeNull();
    await expect(
      explainMiss(exported, at("tiny.png"), { box }, { candidates: ["fast"] }),
    ).rejects.toMatchObject({ code: "MODEL_NOT_TRAINED" });
  });

  it("refuses places that are none, pictures and models that cannot be read, and unknown candidates", async () => {
    const { model } = files;
    const outside = { box: { x: 60, y: 0, width: 5, height: 5 } };
    await expect(explainMiss(model, missed, outside)).rejects.toMatchObject({
      code: "OPTION_VALUE",
      expected: "a rectangle inside the picture of 64 × 64 pixels",
    });
    await writeFile(
      at("wide.png"),
      await encodeMaskPng({ width: 65, height: 64, channels: 1, data: new Uint8Array(65 * 64) }),
    );
    await expect(explainMiss(model, missed, { mask: at("wide.png") })).rejects.toMatchObject({
      code: "MASK",
    });
    await expect(explainMiss(model, "none.png", { mask })).rejects.toMatchObject({ code: "IMAGE_NOT_FOUND" });
    await writeFile(at("broken.png"), "no picture");
    await expect(explainMiss(model, at("broken.png"), { mask })).rejects.toMatchObject({
      code: "IMAGE_FORMAT",
    });
    await expect(explainMiss("none.blemish", missed, { mask })).rejects.toMatchObject({
      code: "MODEL_NOT_FOUND",
    });
    await expect(explainMiss(model, missed, { mask }, { candidates: ["best"] })).rejects.toMatchObject({
      code: "OPTION_VALUE",
    });
    await expect(
      explainMiss(model, missed, { mask }, { goods: ["none.png"], signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
