/**
 * Anomalib's PaDiM exports (PatchCore: `patchcore-import.test.ts`) on the fast engine against what the real Anomalib gives: scores and maps within 1e-4, the same
 * labels, the same masks but for pixels within 1e-4 of the threshold. Models and pictures of this repository first, then
 * real ones where the shared folder is.
 */
import { existsSync, readFileSync } from "node:fs";
import type { FloatMap } from "@blemish/core";
import { type Model, type OpenOptions, open, type PictureResult } from "@blemish/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixturePath, readInGraphFixture, readRawFixture, storedMap } from "../support/anomalib-fixtures.js";
import { readFloatNpy } from "../support/npy.js";
import { describeShared, sharedPath } from "../support/shared.js";

/** Relative for a score and a threshold, share of the maximum for a map; of 1 where values are normalised. */
const TOLERANCE = 1e-4;

/** What Anomalib says of a picture: the map as its graph gives it. */
interface Expected {
  readonly map: FloatMap;
  readonly score: number;
  readonly label: boolean;
}

const maximum = ({ data }: FloatMap) => data.reduce((most, value) => Math.max(most, value), 0);

/** Compares a result with what is expected; `rawMap` and `rawScore` are the graph's own values. */
function expectSame(result: PictureResult, { map, score, label }: Expected): void {
  const normalised = result.rawScore === null;
  const found = result.rawMap as FloatMap;
  expect([found.width, found.height]).toEqual([map.width, map.height]);
  const scale = normalised ? 1 : maximum(map);
  let farthest = 0;
  for (let i = 0; i < map.data.length; i++)
    farthest = Math.max(farthest, Math.abs(found.data[i]! - map.data[i]!));
  expect(farthest).toBeLessThanOrEqual(TOLERANCE * scale);
  expect(Math.abs((result.rawScore ?? result.predScore) - score)).toBeLessThanOrEqual(TOLERANCE * score);
  expect(result.predLabel).toBe(label);
  expect(wrongPixels(found, map, result.pixelThreshold as number, normalised)).toBe(0);
}

/** Pixels that fall on the other side of the threshold although the expected value is not that close to it. */
function wrongPixels(found: FloatMap, expected: FloatMap, threshold: number, strictly: boolean): number {
  const above = (value: number) => (strictly ? value > threshold : value >= threshold);
  const margin = TOLERANCE * (strictly ? 1 : threshold);
  return expected.data.reduce((count, value, i) => {
    const differs = above(found.data[i]!) !== above(value);
    return count + (differs && Math.abs(value - threshold) > margin ? 1 : 0);
  }, 0);
}

/** Opens a model on the fast engine for a block of tests. */
function openFast(path: string, options: OpenOptions = {}): () => Model {
  let model: Model;
  beforeAll(async () => {
    model = await open(path, { engine: "fast", ...options });
  });
  afterAll(() => model?.close());
  return () => model;
}

const FACTORS = ["int16", "float32"] as const;

const RAW_FIXTURES = [
  "padim-070-segmentation",
  "padim-070-detection",
  "padim-070-crop-tofloat",
  "padim-070-unnormalised",
  "padim-120",
];

describe.each(FACTORS)("with %s factors", (factors) => {
  describe.each(RAW_FIXTURES)("%s", (name) => {
    const model = openFast(fixturePath(name), { factors });
    it.each(readRawFixture(name).images)("$id", async (picture) => {
      const map = storedMap(name, picture, picture.raw_map);
      const result = await model().predict(fixturePath(picture.file));
      expectSame(result, { map, score: picture.raw_score, label: picture.pred_label });
    });
  });

  describe("padim-270", () => {
    const name = "padim-270";
    const model = openFast(fixturePath(name), { factors });
    it.each(readInGraphFixture(name).images)("$id", async (picture) => {
      const map = storedMap(name, picture, picture.anomaly_map);
      const result = await model().predict(fixturePath(picture.file));
      expectSame(result, { map, score: picture.pred_score, label: picture.pred_label });
      expect(result.predMask?.data.some((bit) => bit === 1)).toBe(picture.mask_pixels > 0);
    });
  });
});

interface SharedPicture {
  readonly id: string;
  readonly input_name: string;
  /** 0.7.0. */
  readonly raw_map?: { readonly ort: { readonly file: string } };
  readonly raw_score?: { readonly ort: number };
  readonly result_ort?: { readonly pred_label: boolean };
  /** 1.2.0 and 2.7.0. */
  readonly anomaly_map?: { readonly file: string };
  readonly ort?: {
    readonly output?: { readonly max: number };
    readonly pred_score: number;
    readonly pred_label: boolean;
  };
  readonly openvino_f32?: { readonly pred_label: string };
}

function expectedOf({
  raw_map,
  raw_score,
  result_ort,
  anomaly_map,
  ort,
  openvino_f32,
}: SharedPicture): Expected {
  const file = raw_map?.ort.file ?? anomaly_map?.file ?? "";
  const { shape, data } = readFloatNpy(sharedPath("golden", file));
  const [height = 0, width = 0] = shape.slice(-2);
  return {
    map: { width, height, data },
    score: raw_score?.ort ?? ort?.output?.max ?? ort?.pred_score ?? Number.NaN,
    label: result_ort?.pred_label ?? ort?.pred_label ?? openvino_f32?.pred_label === "1",
  };
}

/** None where the folder is missing, because the body of a skipped suite runs, too. */
function sharedPictures(folder: string): SharedPicture[] {
  const path = sharedPath("golden", folder, "index.json");
  // Python writes Infinity where JSON has no word for it.
  return existsSync(path)
    ? JSON.parse(readFileSync(path, "utf8").replace(/-?\bInfinity\b/g, "null")).images
    : [];
}

const BOTTLE = "mvtec-bottle-original";
const SHARED = [
  { folder: "padim070-bottle-256-n14", pictures: BOTTLE },
  { folder: "padim070-bottle-256-n14-nonorm", pictures: BOTTLE, modelFolder: "padim070-bottle-256-n14" },
  { folder: "padim070-bottle-256crop224-tofloat-n14", pictures: BOTTLE },
  { folder: "padim070-dobot-128-n20", pictures: "dobot-cubes" },
  { folder: "padim120-bottle-n14", pictures: "" },
  { folder: "padim270-bottle-n14", pictures: "" },
];

for (const { folder, pictures, modelFolder = folder } of SHARED) {
  const needs = [`golden/${folder}`, `golden/${modelFolder}/model.onnx`, "data"];
  describeShared(`${folder} on the fast engine`, needs, () => {
    const own = sharedPath("golden", folder, "metadata.json");
    const metadata = existsSync(own) ? { metadata: own } : {};
    const model = openFast(sharedPath("golden", modelFolder), metadata);
    it.each(sharedPictures(folder))("$id", async (picture) => {
      const result = await model().predict(sharedPath("data", pictures, picture.input_name));
      expectSame(result, expectedOf(picture));
    });
  });
}
