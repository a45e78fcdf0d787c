/**
 * Post-processing and drawing against the real Anomalib 0.7.0: its raw maps go in, its results must come out.
 * Allowed differences: Anomalib's OpenCV resizes float maps with Intel IPP, up to 1.2e-5 off its own formula, which
 * moves single bytes of a heat map by one level.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import {
  heatMapOf,
  type Mask,
  type ModelDescription,
  markBoundaries,
  postProcess,
  type RgbImage,
  superimposeAnomalyMap,
  visualize,
} from "@blemish/core";
import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { readFloatNpy } from "../support/npy.js";
import { describeShared, sharedPath } from "../support/shared.js";

const MODELS = [
  "padim070-bottle-256-n14",
  "padim070-bottle-256-n100",
  "padim070-bottle-256crop224-tofloat-n14",
  "padim070-bottle-256-n14-nonorm",
  "padim070-dobot-128-n20",
  "patchcore070-bottle-256crop224-c01",
];

/** Share of bytes that IPP may move. */
const IPP_SHARE = 1e-4;

/** For each picture, whether its heat map came out with Anomalib's own hash. */
const hashes: boolean[] = [];
afterAll(() =>
  console.log(`${hashes.filter(Boolean).length} of ${hashes.length} heat maps equal to the byte`),
);

for (const model of MODELS)
  describeShared(`${model}, as Anomalib 0.7.0 judges it`, [`golden/${model}/index.json`, "data"], () => {
    const index = readIndex(model);
    const description = describeGolden(model);
    for (const golden of index.images) describe(golden.id, () => comparePicture(model, description, golden));
  });

const PATCHCORE = "patchcore070-bottle-256crop224-c01";
describeShared(
  "PatchCore's own score output, as TorchInferencer 0.7.0 uses it",
  [`golden/${PATCHCORE}`],
  () => {
    const index = readIndex(PATCHCORE);
    const description: ModelDescription = { ...describeGolden(PATCHCORE), scoreSource: "output" };
    for (const golden of index.images)
      it(golden.id, () => {
        const map = readMap(sharedPath("golden", PATCHCORE, golden.id, "raw_map_ort.npy"));
        const detection = {
          map,
          score: golden.ort_outputs[1][2],
          label: null,
          mask: null,
          normalised: false,
        };
        const judgement = postProcess(detection, map, description);
        const { pred_score, pred_label } = golden.result_torch_inferencer;
        expect(judgement.predScore).toBeCloseTo(pred_score, 5);
        expect(judgement.predLabel).toBe(pred_label === "Anomalous");
      });
  },
);

const V1 = "padim120-bottle-n14";
describeShared("Anomalib 1.2.0, separate ranges for score and map", [`golden/${V1}`], () => {
  const index = readIndex(V1);
  const metadata = JSON.parse(readFileSync(sharedPath("golden", V1, "metadata.json"), "utf8"));
  const range = (key: string) => ({ min: metadata[`${key}.min`], max: metadata[`${key}.max`] });
  const description: ModelDescription = {
    ...describeGolden(V1),
    profile: "anomalib-1",
    normalisation: { method: "min_max", image: range("pred_scores"), pixel: range("anomaly_maps") },
  };
  for (const golden of index.images)
    it(golden.id, () => {
      const map = readMap(sharedPath("golden", V1, golden.id, "anomaly_map_ort.npy"));
      const detection = { map, score: null, label: null, mask: null, normalised: false };
      const judgement = postProcess(detection, map, description);
      expect(judgement.predScore).toBeCloseTo(golden.openvino_f32.pred_score, 4);
      expect(judgement.predLabel).toBe(golden.openvino_f32.pred_label === "1");
    });
});

const V2 = "padim270-bottle-n14";
describeShared("Anomalib 2.7.0 decides in its graph, and we would decide the same", [`golden/${V2}`], () => {
  const index = readIndex(V2);
  const description: ModelDescription = {
    ...describeGolden(PATCHCORE),
    profile: "anomalib-2",
    scoreSource: "output",
    imageThreshold: 0.5,
    pixelThreshold: 0.5,
    normalisation: { method: "in-graph" },
  };
  for (const golden of index.images)
    it(golden.id, async () => {
      const map = readMap(sharedPath("golden", V2, golden.id, "anomaly_map_ort.npy"));
      const png = await readPng(sharedPath("golden", V2, golden.id, "mask.png"));
      const data = png.data.filter((_, i) => i % 3 === 0).map((value) => value / 255);
      const mask: Mask = { width: png.width, height: png.height, channels: 1, data };
      const { pred_score: score, pred_label: label } = golden.ort;
      const given = postProcess({ map, score, label, mask, normalised: true }, map, description);
      const own = postProcess({ map, score, label: null, mask: null, normalised: true }, map, description);
      expect([given.predScore, given.predLabel, given.rawScore]).toEqual([score, label, null]);
      expect(own.predLabel).toBe(label);
      expect(countDifferent(given.predMask!.data, data).bytes).toBe(0);
      expect(countDifferent(own.predMask!.data, data).bytes).toBe(0);
    });
});

// biome-ignore lint/suspicious/noExplicitAny: the goldens' index is read as it is
function comparePicture(model: string, description: ModelDescription, golden: any): void {
  const file = (name: string) => sharedPath("golden", model, golden.id, name);
  const raw = readMap(file("raw_map_ort.npy"));
  const size = { width: golden.width, height: golden.height };
  const detection = { map: raw, score: null, label: null, mask: null, normalised: false };
  const judgement = postProcess(detection, size, description, { task: "detection" });
  const read = () => readPicture(golden.input_name, model.includes("dobot"));

  it("score, label, boxes", () => {
    const { pred_score, pred_label, pred_boxes, box_labels, mask_pixels } = golden.result_ort;
    expect(judgement.rawScore).toBe(golden.raw_score.ort);
    expect(judgement.predScore).toBe(pred_score);
    expect(judgement.predLabel).toBe(pred_label);
    expect(judgement.predBoxes).toEqual(pred_boxes);
    expect(judgement.boxLabels).toEqual(box_labels);
    expect(judgement.regions.reduce((sum, region) => sum + region.area, 0)).toBe(mask_pixels);
  });

  it("normalised map at model size, to the bit", () => {
    const same = postProcess(detection, raw, description).anomalyMap!;
    expect(largestDifference(same.data, readMap(file("norm_map_ort.npy")).data)).toBe(0);
  });

  it("final map within IPP's error", () => {
    const final = judgement.anomalyMap!;
    const sampled = readMap(file("final_map_every16.npy"));
    const ours = sampled.data.map(
      (_, i) => final.data[Math.floor(i / sampled.width) * 16 * final.width + (i % sampled.width) * 16]!,
    );
    // Raw maps (no normalisation) are larger by their unit.
    const tolerance = description.normalisation.method === "none" ? 2e-5 * golden.raw_score.ort : 2e-5;
    expect(largestDifference(ours, sampled.data)).toBeLessThanOrEqual(tolerance);
    if (existsSync(file("final_map.npy")))
      expect(largestDifference(final.data, readMap(file("final_map.npy")).data)).toBeLessThanOrEqual(
        tolerance,
      );
  });

  it("mask, every pixel", async () => {
    const { data } = await sharp(file("mask.png"))
      .toColourspace("b-w")
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(
      countDifferent(
        judgement.predMask!.data,
        data.map((value) => value / 255),
      ).bytes,
    ).toBe(0);
  });

  it("segmentations, every byte", async () => {
    const image = await read();
    expect(hash(image)).toBe(golden.rgb_sha256_after_decode);
    expect(hash(markBoundaries(image, judgement.predMask!))).toBe(golden.segmentations_sha256_rgb);
  });

  it("the drawn heat map is the same where the map is drawn by both", async () => {
    const image = await read();
    const ours = superimposeAnomalyMap(judgement.anomalyMap!, image);
    if (description.normalisation.method !== "none")
      expect(countDifferent(heatMapOf(judgement, image)!.data, ours.data).bytes).toBe(0);
    hashes.push(hash(ours) === golden.heat_map_sha256_rgb);
    if (existsSync(file("heat_map.png"))) expectNearly(ours, await readPng(file("heat_map.png")), 2);
    if (!existsSync(file("final_map.npy"))) return;
    const theirs = superimposeAnomalyMap(readMap(file("final_map.npy")), image);
    expect(hash(theirs)).toBe(golden.heat_map_sha256_rgb);
    // Unnormalised maps wrap, so there a moved level may jump from one end of the colours to the other.
    expectNearly(ours, theirs, description.normalisation.method === "none" ? 102 : 2);
  });

  if (existsSync(file("vis_simple_segmentation.png")))
    it("simple views", async () => {
      const unseen = {
        explanations: null,
        validity: null,
        alignment: null,
        heatMap: null,
        segmentations: null,
      };
      const result = { ...judgement, ...unseen, image: await read() };
      const segmentation = visualize(result, { mode: "simple", task: "segmentation" });
      // The way through float takes one more off some bytes.
      expectNearly(segmentation, await readPng(file("vis_simple_segmentation.png")), 3);
      const detection = visualize(result, { mode: "simple", task: "detection" });
      expect(
        countDifferent(detection.data, (await readPng(file("vis_simple_detection.png"))).data).bytes,
      ).toBe(0);
    });
}

/** At most 0.01 % of the bytes differ. One level of the colour ramp is 4, counts 0.4, and so moves a byte by ≤ 2. */
function expectNearly(ours: RgbImage, theirs: RgbImage, by: number): void {
  expect([ours.width, ours.height]).toEqual([theirs.width, theirs.height]);
  const { bytes, largest } = countDifferent(ours.data, theirs.data);
  console.log(
    `${expect.getState().currentTestName}: ${bytes} of ${ours.data.length} bytes differ, by ≤ ${largest}`,
  );
  expect(bytes / ours.data.length).toBeLessThanOrEqual(IPP_SHARE);
  expect(largest).toBeLessThanOrEqual(by);
}

function countDifferent(ours: Uint8Array, theirs: Uint8Array): { bytes: number; largest: number } {
  expect(ours.length).toBe(theirs.length);
  let bytes = 0;
  let largest = 0;
  for (let i = 0; i < ours.length; i++) {
    const difference = Math.abs(ours[i]! - theirs[i]!);
    if (difference > 0) bytes++;
    largest = Math.max(largest, difference);
  }
  return { bytes, largest };
}

function largestDifference(ours: Float32Array, theirs: Float32Array): number {
  expect(ours.length).toBe(theirs.length);
  return ours.reduce((largest, value, i) => Math.max(largest, Math.abs(value - theirs[i]!)), 0);
}

/** A golden's index. Python writes Infinity and NaN where JSON knows none; no number that is used here is one. */
function readIndex(model: string) {
  const text = readFileSync(sharedPath("golden", model, "index.json"), "utf8");
  return JSON.parse(text.replaceAll(/-?\b(Infinity|NaN)\b/g, "null"));
}

function describeGolden(model: string): ModelDescription {
  const metadata = JSON.parse(readFileSync(sharedPath("golden", model, "metadata.json"), "utf8"));
  const range = { min: metadata.min, max: metadata.max };
  return {
    profile: "anomalib-0.7",
    evidence: [],
    kind: "unknown",
    task: metadata.task,
    input: { name: "input", height: null, width: null, batch: 1 },
    outputs: { map: "output", score: null, label: null, mask: null },
    scoreSource: "map-max",
    preprocessing: [],
    imageThreshold: metadata.image_threshold,
    pixelThreshold: metadata.pixel_threshold,
    normalisation:
      metadata.min === undefined ? { method: "none" } : { method: "min_max", image: range, pixel: range },
    notes: [],
  };
}

function readMap(path: string) {
  const { shape, data } = readFloatNpy(path);
  return { width: shape.at(-1)!, height: shape.at(-2)!, data };
}

async function readPng(path: string): Promise<RgbImage> {
  const { data, info } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: 3, data: new Uint8Array(data) };
}

function readPicture(name: string, cubes: boolean): Promise<RgbImage> {
  return readPng(sharedPath("data", cubes ? "dobot-cubes" : "mvtec-bottle-original", name));
}

function hash(image: RgbImage | Mask): string {
  return createHash("sha256").update(image.data).digest("hex");
}
