/**
 * PatchCore exports on the fast engine against what the real Anomalib gives: the map and both scores within 1e-4 relative
 * (seen: maps 8e-6, raw scores 2e-6, normalised scores 2e-5), the same labels, the same masks but for pixels within 1e-4 of
 * the threshold. Models and pictures of this repository first, then a real one where the shared folder is.
 */
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FloatMap } from "@blemish/core";
import { importModelFile, type Model, type OpenOptions, open, saveModel } from "@blemish/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixturePath, readInGraphFixture, readRawFixture, storedMap } from "../support/anomalib-fixtures.js";
import { readFloatNpy } from "../support/npy.js";
import { describeShared, sharedPath } from "../support/shared.js";

/** Relative for a score, share of the maximum for a map; of 1 where values are normalised. */
const TOLERANCE = 1e-4;

/** Opens a model for a block of tests. */
function opened(path: string, options: OpenOptions = {}): () => Model {
  let model: Model;
  beforeAll(async () => {
    model = await open(path, { engine: "fast", ...options });
  });
  afterAll(() => model?.close());
  return () => model;
}

function expectSameMap(found: FloatMap | null, expected: FloatMap, scale: number, threshold: number): void {
  expect([found?.width, found?.height]).toEqual([expected.width, expected.height]);
  let farthest = 0;
  let wrong = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const [own, its] = [found!.data[i]!, expected.data[i]!];
    farthest = Math.max(farthest, Math.abs(own - its));
    const near = Math.abs(its - threshold) <= TOLERANCE * scale;
    if (!near && own >= threshold !== its >= threshold) wrong++;
  }
  expect(farthest).toBeLessThanOrEqual(TOLERANCE * scale);
  expect(wrong).toBe(0);
}

const expectClose = (found: number | null, expected: number) =>
  expect(Math.abs((found ?? Number.NaN) - expected)).toBeLessThanOrEqual(TOLERANCE * Math.abs(expected));

/** The same export as a file of our own, read again. */
function openedFile(folder: string): () => Model {
  let model: Model;
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "blemish-patchcore-"));
    const path = join(root, "part.blemish");
    await saveModel(path, (await importModelFile(folder)).model);
    model = await open(path);
  });
  afterAll(async () => {
    await model?.close();
    await rm(root, { recursive: true });
  });
  return () => model;
}

describe("patchcore-070", () => {
  const name = "patchcore-070";
  const folder = fixturePath(name);
  const [own, highest, file] = [opened(folder), opened(folder, { score: "map-max" }), openedFile(folder)];
  it.each(readRawFixture(name).images)("$id: map, both scores, both labels", async (picture) => {
    const path = fixturePath(picture.file);
    const result = await own().predict(path);
    const map = storedMap(name, picture, picture.raw_map);
    expectSameMap(result.rawMap, map, picture.raw_score, result.pixelThreshold ?? Number.NaN);
    expectClose(result.rawScore, picture.second_output?.score ?? Number.NaN);
    expect(result.predLabel).toBe(picture.second_output?.label);
    const second = await highest().predict(path);
    expectClose(second.rawScore, picture.raw_score);
    expect(second.predLabel).toBe(picture.pred_label);
    const again = await file().predict(path);
    expect([again.rawScore, again.rawMap]).toEqual([result.rawScore, result.rawMap]);
  });
});

describe("patchcore-270", () => {
  const name = "patchcore-270";
  const folder = fixturePath(name);
  const [own, file] = [opened(folder), openedFile(folder)];
  it.each(readInGraphFixture(name).images)("$id: normalised map and score, label, mask", async (picture) => {
    const path = fixturePath(picture.file);
    const result = await own().predict(path);
    expectSameMap(result.rawMap, storedMap(name, picture, picture.anomaly_map), 1, 0.5);
    expectClose(result.predScore, picture.pred_score);
    expect(result.predLabel).toBe(picture.pred_label);
    expect(result.predMask?.data.some((bit) => bit === 1)).toBe(picture.mask_pixels > 0);
    const again = await file().predict(path);
    expect([again.predScore, again.rawMap]).toEqual([result.predScore, result.rawMap]);
  });
});

describe.each(["patchcore-070", "patchcore-270"] as const)("%s", (name) => {
  const folder = fixturePath(name);
  const pictures = readRawFixture(name).images.map(({ file }) => fixturePath(file));
  const [whole, auto] = [opened(folder, { engine: "onnx" }), opened(folder, { engine: "auto" })];
  const many = opened(folder, { mode: "throughput", workers: 2 });

  it("says the same as ONNX Runtime with the whole graph, one picture at a time and many", async () => {
    const together: (number | undefined)[] = [];
    for await (const one of many().predictMany(pictures)) together.push(one.result?.predScore);
    for (const [i, path] of pictures.entries()) {
      const [exact, fast] = [await whole().predict(path), await auto().predict(path)];
      expectClose(fast.predScore, exact.predScore);
      expect([fast.predLabel, fast.verdict]).toEqual([exact.predLabel, exact.verdict]);
      expect(together[i]).toBe(fast.predScore);
    }
  });

  it("runs on the fast engine without being told to", () => {
    expect(auto().description.notes.join(" ")).not.toContain("runs whole in ONNX Runtime");
  });
});

interface SharedPicture {
  readonly id: string;
  readonly input_name: string;
  readonly raw_map: { readonly ort: { readonly file: string } };
  readonly raw_score: { readonly ort: number };
  readonly result_ort: { readonly pred_label: boolean };
  /** Name, shape and value of each output: the second is the image score. */
  readonly ort_outputs: readonly (readonly [string, readonly number[], number | null])[];
  readonly result_torch_inferencer: { readonly pred_label: string };
}

const GOLDEN = "patchcore070-bottle-256crop224-c01";

/** None where the folder is missing, because the body of a skipped suite runs, too. */
function sharedPictures(): SharedPicture[] {
  const path = sharedPath("golden", GOLDEN, "index.json");
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).images : [];
}

function sharedMap(file: string): FloatMap {
  const { shape, data } = readFloatNpy(sharedPath("golden", file));
  const [height = 0, width = 0] = shape.slice(-2);
  return { width, height, data };
}

describeShared(`${GOLDEN} on the fast engine`, [`golden/${GOLDEN}/model.onnx`, "data"], () => {
  const folder = sharedPath("golden", GOLDEN);
  const [own, highest] = [opened(folder), opened(folder, { score: "map-max" })];
  const int8 = opened(folder, { bankPrecision: "int8" });
  it.each(sharedPictures())("$id: map, both scores, both labels", async (picture) => {
    const path = sharedPath("data", "mvtec-bottle-original", picture.input_name);
    const result = await own().predict(path);
    const map = sharedMap(picture.raw_map.ort.file);
    expectSameMap(result.rawMap, map, picture.raw_score.ort, result.pixelThreshold ?? Number.NaN);
    const score = picture.ort_outputs[1]?.[2] ?? Number.NaN;
    expectClose(result.rawScore, score);
    expect(result.predLabel).toBe(picture.result_torch_inferencer.pred_label === "Anomalous");
    const second = await highest().predict(path);
    expectClose(second.rawScore, picture.raw_score.ort);
    expect(second.predLabel).toBe(picture.result_ort.pred_label);
    // What int8 costs: seen 2e-3 of a score at most.
    const small = await int8().predict(path);
    expect(Math.abs(small.rawScore! / score - 1)).toBeLessThan(1e-2);
  });
});
