/** Trainings with filters, zones and a grey zone, from pictures to verdicts. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  changeThreshold,
  type RecipeOptions,
  type RgbImage,
  readModelFile,
  renderPart,
  type TrainedModelFile,
  writeModelFile,
} from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodePng } from "../images/encode-png.js";
import { open } from "../model/open.js";
import { sha256 } from "../sha256.js";
import { trainModel } from "./train-model.js";

const COUNT = 14;
const SIDE = 96;
let folder: string;
let pictures: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-decision-"));
  pictures = Array.from({ length: COUNT }, (_, i) => join(folder, `${String(i).padStart(3, "0")}.png`));
  for (const [seed, path] of pictures.entries()) await writeFile(path, await encodePng(part(seed)));
});
afterAll(() => rm(folder, { recursive: true }));

const part = (seed: number): RgbImage => renderPart("cap", { seed, width: SIDE, height: SIDE }).image;
const SMALL = { size: 64, workers: 1, falseAlarmRate: 0.2, head: "padim" } as const;
const left = { type: "rectangle", x: 0, y: 0, width: SIDE / 2, height: SIDE } as const;

async function trained(options: RecipeOptions): Promise<TrainedModelFile> {
  const { model } = await trainModel(pictures, { ...SMALL, ...options });
  // What is written is what is read.
  const bytes = writeModelFile(model, sha256);
  return readModelFile(bytes, "the model", sha256) as TrainedModelFile;
}

async function judge(model: TrainedModelFile, images: readonly RgbImage[]) {
  const path = join(folder, "cap.blemish");
  await writeFile(path, writeModelFile(model, sha256));
  const opened = await open(path);
  const results = [];
  for (const image of images) results.push(await opened.predict(image));
  await opened.close();
  return results;
}

/** The part with a bright square. */
function spotted(seed: number, x: number, y: number, side: number): RgbImage {
  const image = part(seed);
  const data = image.data.slice();
  for (let row = y; row < y + side; row++) data.fill(255, 3 * (row * SIDE + x), 3 * (row * SIDE + x + side));
  return { ...image, data };
}

describe("a training with zones", () => {
  it("gives each a threshold, and verdicts that agree with regions, scores and zones", async () => {
    const model = await trained({
      zones: [{ name: "left", shapes: [left], weight: 2 }],
      filters: { minArea: 60 },
      uncertainRate: 0.5,
    });
    const { decision, map, calibration, training } = model.manifest;
    expect(map.score).toBe("region");
    expect(training.options.picture).toEqual({ width: SIDE, height: SIDE });
    expect(decision?.zones.map(({ name, weight }) => [name, weight])).toEqual([
      ["left", 2],
      ["rest", 1],
    ]);
    expect(decision?.zones[0]?.minArea).toBeCloseTo((60 * 64 * 64) / SIDE ** 2, 9);
    expect(calibration.pixelThreshold).toBe(calibration.imageThreshold);
    expect(calibration.uncertain!.imageThreshold).toBeLessThan(calibration.imageThreshold);
    const fresh = Array.from({ length: 12 }, (_, i) => part(200 + i));
    const results = await judge(model, [spotted(50, 30, 40, 14), spotted(51, 62, 40, 14), ...fresh]);
    for (const { predLabel, rawScore, imageThreshold, regions, zones, verdict } of results) {
      expect(predLabel).toBe(rawScore! >= Math.fround(imageThreshold));
      expect(predLabel).toBe(regions.length > 0);
      expect(predLabel).toBe(zones!.some(({ anomalous }) => anomalous));
      const grey = !predLabel && rawScore! >= calibration.uncertain!.imageThreshold;
      expect(verdict).toBe(predLabel ? "anomalous" : grey ? "uncertain" : "good");
    }
    const [one, two] = results;
    expect([one!.zones![0]!.anomalous, two!.zones![1]!.anomalous]).toEqual([true, true]);
    const [region] = one!.regions;
    expect(["left", "rest"]).toContain(region!.zone);
    expect(region!.mean).toBeLessThanOrEqual(region!.peak.value);
    expect(region!.extent.length).toBeGreaterThan(5);
  });

  it("moves all zones' thresholds with a chosen one", async () => {
    const model = await trained({ zones: [{ name: "left", shapes: [left] }] });
    const before = model.manifest.calibration.imageThreshold;
    const stricter = changeThreshold(model, { threshold: before * 3 }, "");
    const [found] = await judge(model, [spotted(50, 30, 40, 14)]);
    const [after] = await judge(stricter, [spotted(50, 30, 40, 14)]);
    for (const [i, { threshold, score }] of after!.zones!.entries()) {
      expect(threshold / found!.zones![i]!.threshold).toBeCloseTo(3, 9);
      expect(score).toBe(found!.zones![i]!.score);
    }
    expect(after!.pixelThreshold).toBe(before * 3);
  });
});

describe("a training with filters", () => {
  it("leaves small regions out and says why, with millimetres", async () => {
    const capture = { millimetresPerPixel: 0.5 };
    const plain = await trained({ score: "region", capture });
    const [hot] = await judge(plain, [spotted(50, 40, 40, 14)]);
    expect(hot!.zones).toBeNull();
    const level = 0.95 * hot!.rawScore!;
    const [seen] = await judge(changeThreshold(plain, { threshold: level }, ""), [spotted(50, 40, 40, 14)]);
    expect(seen!.regions.length).toBeGreaterThan(0);
    const area = Math.max(...seen!.regions.map((one) => one.areaMm2!));
    expect(area).toBe(Math.max(...seen!.regions.map((one) => one.area)) / 4);
    const large = await trained({ filters: { minAreaMm2: 1.5 * area }, capture });
    // The same level as before, so that the region is the same.
    const same = changeThreshold(large, { threshold: level }, "");
    const [filtered] = await judge(same, [spotted(50, 40, 40, 14)]);
    expect(filtered).toMatchObject({ verdict: "good", regions: [] });
    expect(filtered!.filtered.map(({ reason }) => reason)).toContain("area");
    expect(filtered!.predMask!.data.includes(1)).toBe(false);
  });

  it("scores the whole map without filters as its maximum", async () => {
    const [region, max] = [await trained({ score: "region" }), await trained({ score: "max" })];
    expect(region.scores).toEqual(max.scores);
    expect(region.manifest.calibration.imageThreshold).toBe(max.manifest.calibration.imageThreshold);
  });

  it("calibrates with refitted banks as well", async () => {
    const zones = [{ name: "left", shapes: [left] }];
    const model = await trained({ zones, threshold: "precise", head: "patchcore", turned: false });
    expect(model.manifest.calibration.method).toBe("five-fold");
    expect(model.manifest.decision?.zones[0]?.unit).toBeGreaterThan(0);
    expect([...model.scores].every((score) => score > 0)).toBe(true);
  });
});

describe("refusals", () => {
  it.each<[RecipeOptions, string]>([
    [{ filters: { minArea: SIDE * SIDE + 1 } }, "at most the area of the picture"],
    [{ filters: { minAreaMm2: 3 } }, "--mm-per-pixel"],
    [{ uncertainRate: 0.2 }, "above the false-alarm rate"],
    [{ zones: [{ name: "a", shapes: [{ ...left, x: 500 }] }] }, "none of them inside"],
    [{ filters: { minPeak: 0.7 }, profile: "anomalib-0.7" }, "--min-peak"],
    [{ zones: [{ name: "a", shapes: [left] }], profile: "anomalib-0.7" }, "--zone"],
    [{ uncertainRate: 0.5, profile: "anomalib-0.7" }, "--uncertain"],
    [{ score: "region", profile: "anomalib-0.7" }, "--score"],
  ])("%j", (options, words) => {
    return expect(trainModel(pictures, { ...SMALL, ...options })).rejects.toThrow(words);
  });
});
