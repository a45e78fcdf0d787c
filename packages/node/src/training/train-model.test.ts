import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  detectorsOf,
  readModelFile,
  renderPart,
  type StoredHead,
  type TrainedModelFile,
  writeModelFile,
} from "@blemish/core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smallImported } from "../../../../tests/support/small-model.js";
import { decodeImage } from "../images/decode-image.js";
import { encodePng } from "../images/encode-png.js";
import { open } from "../model/open.js";
import { sha256 } from "../sha256.js";
import { trainModel } from "./train-model.js";
import type { TrainOptions } from "./train-options.js";

const COUNT = 14;
let folder: string;
let pictures: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-train-"));
  pictures = Array.from({ length: COUNT }, (_, i) => join(folder, `${String(i).padStart(3, "0")}.png`));
  for (const [seed, path] of pictures.entries())
    await writeFile(path, await encodePng(renderPart("cap", { seed, width: 64, height: 64 }).image));
});
afterAll(() => rm(folder, { recursive: true }));

const SMALL = { size: 64, workers: 1, falseAlarmRate: 0.1 } as const;
/** Cells of the grid at 64 pixels. */
const CELLS = 16;
/** Both heads, the memory bank alone, PaDiM alone. */
const HEADS = ["fusion", "patchcore", "padim"] as const;

/** A training's model, and the stages that were told to be done. */
async function train(some: readonly string[], options: TrainOptions) {
  const stages: string[] = [];
  const onProgress = (stage: string, done: number, total: number) =>
    void (done === total && stages.push(stage));
  return { ...(await trainModel(some, { onProgress, ...options })), stages };
}

/** Of a model's file: quicker than comparing its arrays number by number. */
function hashOf(model: TrainedModelFile): string {
  return sha256([writeModelFile(model, sha256)]);
}

async function bytesOf(some: readonly string[], options: TrainOptions): Promise<string> {
  return hashOf((await trainModel(some, options)).model);
}

/** What the model says of a good part and of one with a piece missing. */
async function judge(model: TrainedModelFile) {
  const path = join(folder, "cap.blemish");
  await writeFile(path, writeModelFile(model, sha256));
  const opened = await open(path);
  const defect = { type: "missing" as const, size: 0.35, contrast: 1 };
  const bad = await opened.predict(renderPart("cap", { seed: 90, width: 64, height: 64, defect }).image);
  const good = await opened.predict(renderPart("cap", { seed: 3, width: 64, height: 64 }).image);
  await opened.close();
  return { bad, good };
}

/** The memory bank of a model's first detector. */
function bankOf({
  detectors: [first],
}: TrainedModelFile): Extract<StoredHead, { kind: "patchcore" }>["bank"] {
  if (first?.head.kind !== "patchcore") throw new Error("The first detector has no memory bank");
  return first.head.bank;
}

describe("trainModel", () => {
  it.each(HEADS)(
    "gives a model that judges: good parts below, a defect above the threshold: %s",
    async (head) => {
      const { model, calibration, stages } = await train(pictures, { ...SMALL, head });
      const calibrated = head === "fusion" ? ["calibrate", "calibrate"] : ["calibrate"];
      expect(stages).toEqual(["fit", ...(head === "padim" ? [] : ["select"]), ...calibrated]);
      expect(calibration.scores).toHaveLength(COUNT);
      expect(model.manifest.training).toMatchObject({ count: COUNT, turned: head !== "padim" });
      expect(model.manifest.training.files[3]?.path).toBe(pictures[3]);
      const kinds = detectorsOf(model.manifest).map((one) => one.head.kind);
      expect(kinds).toEqual(head === "fusion" ? ["patchcore", "padim"] : [head]);
      const { bad, good } = await judge(model);
      expect([bad.verdict, good.verdict]).toEqual(["anomalous", "good"]);
      expect(bad.rawScore).toBeGreaterThan(1.4 * (good.rawScore ?? 0));
      expect(bad.predMask?.data.some((value) => value === 1)).toBe(true);
    },
  );

  it("follows Anomalib's PatchCore: a share of all patches in float32, its own score and map", async () => {
    const options = { ...SMALL, profile: "anomalib-0.7", head: "patchcore", coreset: 0.25 } as const;
    const some = pictures.slice(0, 8);
    const { model, calibration } = await train(some, options);
    const [detector] = detectorsOf(model.manifest);
    const { width, height } = detector!.grid;
    expect(detector!.head).toEqual({
      kind: "patchcore",
      rows: Math.floor(0.25 * some.length * width * height),
      precision: "float32",
      neighbours: 9,
    });
    expect(model.manifest.map).toEqual({ sigma: 4, upsampling: "nearest", score: "max", ignoreBorder: 0 });
    expect(model.manifest.training).toMatchObject({ turned: false, options: { coreset: 0.25 } });
    const again = readModelFile(writeModelFile(model, sha256), "part.blemish", sha256);
    expect(again.manifest).toEqual(model.manifest);
    expect(again.detectors).toEqual(model.detectors);
    const { bad, good } = await judge(model);
    expect([bad.verdict, good.verdict]).toEqual(["anomalous", "good"]);
    expect(bad.rawScore).toBeGreaterThan(1.2 * (good.rawScore ?? 0));
    const highest = Math.max(...bad.rawMap!.data);
    expect(bad.rawScore).not.toBeCloseTo(highest, 3);
    // A score by the map instead, and the same map.
    const mapped = (await train(some, { ...options, score: "max" })).model;
    expect(detectorsOf(mapped.manifest)[0]!.head).not.toHaveProperty("neighbours");
    const other = (await judge(mapped)).bad;
    expect(other.rawScore).toBe(highest);
    expect(calibration.scores.every((score) => score > 0)).toBe(true);
  });

  it.each(HEADS)(
    "is the same bytes for the same pictures, and when some are added later: %s",
    async (head) => {
      const kept = { ...SMALL, head, keepStatistics: true };
      const some = pictures.slice(0, 7);
      const [old, added] = [some.slice(0, 4), some.slice(4)];
      const whole = await bytesOf(some, kept);
      expect(await bytesOf(some, { ...kept, workers: 2 })).toBe(whole);
      const { model: first } = await trainModel(old, kept);
      expect(await bytesOf(added, { workers: 1, addTo: first })).toBe(whole);
      // Without statistics the old pictures are learnt again: the model of a training that keeps none.
      const { model: plain } = await trainModel(old, { ...SMALL, head });
      expect(await bytesOf(added, { workers: 1, addTo: plain })).toBe(
        await bytesOf(some, { ...SMALL, head }),
      );
      expect(await bytesOf(some.toReversed(), kept)).not.toBe(whole);
    },
  );

  it("keeps thumbnails where they are asked for, the same bytes at any time, and makes new ones when pictures are added", async () => {
    const common = { ...SMALL, turned: false, keepStatistics: true };
    const options = { ...common, thumbnails: 20_000 };
    const some = pictures.slice(0, 7);
    const { model, stages } = await train(some, { ...options, workers: 2 });
    expect(stages.at(-1)).toBe("thumbnails");
    expect(await bytesOf(some, options)).toBe(hashOf(model));
    expect(model.thumbnails!.bytes.length).toBeLessThanOrEqual(20_000);
    const { thumbnails, ...without } = model;
    const plain = await bytesOf(some, common);
    expect(hashOf(without)).toBe(plain);
    const { model: first } = await trainModel(some.slice(0, 4), options);
    const { model: added } = await trainModel(some.slice(4), { workers: 1, addTo: first });
    expect(added.thumbnails).toEqual(thumbnails);
    const { model: none } = await trainModel(some.slice(4), { workers: 1, addTo: first, thumbnails: 0 });
    expect(hashOf(none)).toBe(plain);
  });

  it("explains hot places by training pictures, below the view, too", async () => {
    const { model } = await trainModel(pictures, { ...SMALL, turned: false, thumbnails: 50_000 });
    const path = join(folder, "explained.blemish");
    await writeFile(path, writeModelFile(model, sha256));
    const opened = await open(path);
    expect(opened.explains).toBe(true);
    const defect = { type: "missing" as const, size: 0.35, contrast: 1 };
    const { image } = renderPart("cap", { seed: 90, width: 64, height: 64, defect });
    const encode = { visualization: { mode: "simple" } } as const;
    const plain = await opened.predict(image, { maps: false, encode });
    const found = await opened.predict(image, { maps: false, encode, explain: true });
    await opened.close();
    expect(plain.explanations).toBeNull();
    const [bank, padim] = found.explanations![0]!.detectors;
    expect(bank!.nearest).toHaveLength(3);
    for (const { picture, path: named } of [...bank!.nearest, padim!.typical!])
      expect(named).toBe(pictures[picture]);
    expect(padim!.channels.length).toBeGreaterThan(0);
    const sizeOf = async (png: Uint8Array) => {
      const { width, height } = await decodeImage(png, "x", {});
      return { width, height };
    };
    expect(await sizeOf(plain.encoded.visualization!)).toEqual({ width: 64, height: 64 });
    const sheet = await sizeOf(found.encoded.visualization!);
    expect(Math.min(sheet.width, sheet.height)).toBeGreaterThan(250);
  });

  it("puts turned copies of few pictures into the bank, says so, and leaves them out when told to", async () => {
    const few = pictures.slice(0, 5);
    const { model } = await trainModel(few, SMALL);
    expect(model.manifest.training).toMatchObject({ count: 5, turned: true });
    const bank = bankOf(model);
    expect(bank.rows).toBeGreaterThan(few.length * CELLS);
    // Copies count as their picture, so that leaving it out leaves them out.
    expect([...new Set(bank.picture)]).toEqual([0, 1, 2, 3, 4]);
    const { model: plain } = await trainModel(few, { ...SMALL, turned: false });
    expect(plain.manifest.training).toMatchObject({ turned: false, options: { turned: false } });
    expect(bankOf(plain).rows).toBeLessThanOrEqual(few.length * CELLS);
    // Gaussians belong to places: PaDiM saw the same in both.
    expect(plain.detectors[1]).toEqual(model.detectors[1]);
    const found = [await judge(model), await judge(plain)];
    expect(found.map(({ bad }) => bad.verdict)).toEqual(["anomalous", "anomalous"]);
  });

  it("holds all different patches where the bank could be larger, and no more than asked for", async () => {
    const options = { ...SMALL, head: "patchcore", turned: false } as const;
    const { model } = await trainModel(pictures.slice(0, 3), { ...options, bank: 65_536 });
    const { rows } = bankOf(model);
    expect(rows).toBeGreaterThan(2 * CELLS);
    expect(rows).toBeLessThanOrEqual(3 * CELLS);
    expect(detectorsOf(model.manifest)[0]?.head).toMatchObject({ rows });
    const { model: tiny } = await trainModel(pictures, { ...options, bank: 5, bankPrecision: "float32" });
    expect(bankOf(tiny)).toMatchObject({ rows: 5, scale: null });
  });

  it("looks at the pictures twice where one draw does not hold all patches", async () => {
    // 4 pictures and their copies have 36,864 patches of 512 pixels; 32,768 are drawn.
    const options = { ...SMALL, size: 512, head: "patchcore", bank: 64 } as const;
    const { model, stages } = await train(pictures.slice(0, 4), options);
    expect(stages).toEqual(["fit", "refine", "select", "calibrate"]);
    expect(bankOf(model).rows).toBe(64);
    const { bad, good } = await judge(model);
    expect(bad.rawScore).toBeGreaterThan(1.2 * (good.rawScore ?? Number.NaN));
  });

  it("has a pass for each input of a quality", async () => {
    const options = { quality: "accurate", turned: false, workers: 2 } as const;
    const { model } = await trainModel(pictures.slice(0, 3), options);
    const { passes, size } = model.manifest;
    expect(size).toEqual({ width: 256, height: 256 });
    expect(passes.map((pass) => [pass.size.width, pass.detectors.map(({ head }) => head.kind)])).toEqual([
      [512, ["patchcore"]],
      [256, ["patchcore", "padim"]],
    ]);
    const { bad, good } = await judge(model);
    expect(bad.verdict).toBe("anomalous");
    expect(bad.rawScore).toBeGreaterThan(good.rawScore ?? Number.NaN);
  });

  it("rests a precise threshold on refitted banks; what judges stays the same", async () => {
    const precise = { ...SMALL, threshold: "precise" } as const;
    const { model, calibration, stages } = await train(pictures, precise);
    expect(stages).toEqual(["fit", "select", "calibrate", "refit"]);
    const { model: plain, calibration: leftOut } = await trainModel(pictures, SMALL);
    expect(model.manifest.calibration.method).toBe("five-fold");
    expect(plain.manifest.calibration.method).toBe("leave-one-out");
    expect(model.detectors).toEqual(plain.detectors);
    expect(calibration.factors).toEqual(leftOut.factors);
    expect(calibration.scores).toHaveLength(COUNT);
    expect(calibration.scores).not.toEqual(leftOut.scores);
    // The same parts by models that have not seen them: numbers of one size.
    for (const [i, score] of calibration.scores.entries()) {
      expect(score / leftOut.scores[i]!).toBeGreaterThan(0.5);
      expect(score / leftOut.scores[i]!).toBeLessThan(2);
    }
    expect(await bytesOf(pictures, { ...precise, workers: 2 })).toBe(await bytesOf(pictures, precise));
  });

  it("needs no refit for PaDiM: leaving out is exact there", async () => {
    const options = { ...SMALL, head: "padim" } as const;
    const { calibration } = await trainModel(pictures, { ...options, threshold: "precise" });
    const { calibration: exact } = await trainModel(pictures, options);
    for (const [i, score] of calibration.scores.entries()) expect(score).toBeCloseTo(exact.scores[i]!, 6);
  });

  it.each(HEADS)("refuses too few and equal pictures: %s", async (head) => {
    const options = { ...SMALL, head };
    for (const count of [0, 1, 2])
      await expect(trainModel(pictures.slice(0, count), options)).rejects.toMatchObject({
        code: "MODEL_STATISTICS",
        expected: "at least 3 pictures of good parts",
        found: String(count),
      });
    const same = Array.from({ length: 4 }, () => pictures[0]!);
    await expect(trainModel(same, options)).rejects.toThrow(/all the same.*MODEL_STATISTICS/);
    const { model } = await trainModel([...same, pictures[1]!, pictures[2]!], options);
    expect(model.manifest.training.count).toBe(6);
  });

  it.each(HEADS)(
    "merges models into the one of a training at once, what both know counted once: %s",
    async (head) => {
      const options = { ...SMALL, head } as const;
      const some = pictures.slice(0, 8);
      const { model: first } = await trainModel(some.slice(0, 4), { ...options, keepStatistics: true });
      const { model: second } = await trainModel(some.slice(2, 6), { ...options, falseAlarmRate: 0.3 });
      const { model: third } = await trainModel(some.slice(4, 7), options);
      const merged = await bytesOf(some.slice(7), { workers: 1, addTo: first, merge: [second, third] });
      expect(merged).toBe(await bytesOf(some, { ...options, keepStatistics: true }));
      const pair = await bytesOf([], { workers: 1, addTo: first, merge: [second] });
      expect(pair).toBe(await bytesOf(some.slice(0, 6), { ...options, keepStatistics: true }));
    },
  );

  it("refuses to go on from pictures that are gone or changed, before anything is learnt", async () => {
    const lost = [20, 21, 22, 23].map((seed) => join(folder, `lost-${seed}.png`));
    for (const [seed, path] of lost.entries())
      await writeFile(path, await encodePng(renderPart("cap", { seed, width: 64, height: 64 }).image));
    const { model: theirs } = await trainModel(lost, SMALL);
    const { model: ours } = await trainModel(pictures.slice(4, 8), SMALL);
    await rm(lost[1]!);
    await writeFile(lost[2]!, "another");
    const told: string[] = [];
    const onProgress = (stage: string) => void told.push(stage);
    for (const models of [{ addTo: ours, merge: [theirs] }, { addTo: theirs }])
      await expect(
        trainModel(pictures.slice(8, 10), { ...models, workers: 1, onProgress }),
      ).rejects.toMatchObject({
        code: "TRAINING_PICTURES",
        found: `1 that cannot be read and 1 that changed, such as ${lost[1]}`,
      });
    expect(told).toEqual([]);
  });

  it("knows the same picture in files of different formats", async () => {
    const same = ["png", "tiff", "webp"].map((format) => join(folder, `same.${format}`));
    await sharp(pictures[0]!).png({ compressionLevel: 0 }).toFile(same[0]!);
    await sharp(pictures[0]!).tiff({ compression: "none" }).toFile(same[1]!);
    await sharp(pictures[0]!).webp({ lossless: true }).toFile(same[2]!);
    const copies = [pictures[0]!, ...same];
    await expect(trainModel(copies, { ...SMALL, head: "patchcore" })).rejects.toThrow(
      /all the same, pixel for pixel.*MODEL_STATISTICS/,
    );
    await expect(trainModel(copies, SMALL)).rejects.toThrow(/all the same.*MODEL_STATISTICS/);
    const { model } = await trainModel([...copies, pictures[1]!], SMALL);
    expect(model.manifest.training.count).toBe(5);
  });

  it("refuses missing pictures, and models that were not trained", async () => {
    const imported = smallImported() as unknown as TrainedModelFile;
    await expect(trainModel(pictures, { ...SMALL, addTo: imported })).rejects.toThrow(/MODEL_NOT_TRAINED/);
    const { model } = await trainModel(pictures.slice(0, 5), SMALL);
    await expect(trainModel([], { ...SMALL, addTo: model, merge: [imported] })).rejects.toMatchObject({
      code: "MODEL_NOT_TRAINED",
    });
    await expect(trainModel([...pictures.slice(0, 3), "missing.png"], SMALL)).rejects.toThrow(
      /IMAGE_NOT_FOUND/,
    );
  });

  it("can be cancelled, also in the middle of a selection", async () => {
    for (const [until, options] of [
      ["fit", SMALL],
      ["select", SMALL],
      ["refit", { ...SMALL, threshold: "precise" }],
    ] as const) {
      const stop = new AbortController();
      const told: string[] = [];
      const onProgress = (stage: string, done: number, total: number) => {
        told.push(stage);
        if (stage === until && done > 0 && done < total) stop.abort();
      };
      const training = trainModel(pictures, { ...options, signal: stop.signal, onProgress });
      await expect(training).rejects.toThrow(/CANCELLED/);
      expect(told.at(-1)).toBe(until);
    }
  });
});
