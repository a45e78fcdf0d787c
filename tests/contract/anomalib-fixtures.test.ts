/**
 * The same numbers as the real Anomalib, on models and pictures that stand in this repository.
 *
 * Two layers: the whole way (picture file → result), where ONNX Runtime's own rounding is allowed for, and the way
 * after the network, fed with Anomalib's own map, where nothing is but the rounding of its OpenCV build's float resize.
 */
import {
  heatMapOf,
  type ImageResult,
  markBoundaries,
  postProcess,
  preProcess,
  resizeLinear,
  resizeLinearMap,
  superimposeAnomalyMap,
  visualize,
} from "@blemish/core";
import { type Model, open, readImage } from "@blemish/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  countDifferences,
  countNear,
  fixturePath,
  maxDifference,
  type RawPicture,
  readInGraphFixture,
  readRawFixture,
  sha256,
  storedMap,
  storedMask,
  storedPicture,
} from "../support/anomalib-fixtures.js";

/** Of the map's maximum, and relative for a score. */
const NETWORK = 1e-5;
/** Of the largest value: what Anomalib's OpenCV build is off when it resizes these float32 maps. */
const RESIZE = 1e-6;
/** That error may move a value over an edge of the 256 colours: share of bytes, and by how many levels at most. */
const COLOURS = { share: 1e-4, levels: 3 };
const EXACT = { share: 0, levels: 0 };

const RAW_MODELS = [
  "padim-070-segmentation",
  "padim-070-detection",
  "padim-070-crop-tofloat",
  "padim-070-unnormalised",
  "patchcore-070",
  "padim-120",
];
const IN_GRAPH_MODELS = ["padim-270", "patchcore-270"];

/** Opens a fixture's model for a block of tests. */
function openFixture(name: string, options: Parameters<typeof open>[1] = {}): () => Model {
  let model: Model;
  beforeAll(async () => {
    // The graph as it is: what the fast engine may differ by is in fast-engine.test.ts.
    model = await open(fixturePath(name, "model.onnx"), { engine: "onnx", ...options });
  });
  afterAll(() => model.close());
  return () => model;
}

describe.each(RAW_MODELS)("%s", (name) => {
  const { images } = readRawFixture(name);
  // The map's maximum is what Anomalib's inferencer takes as score; PatchCore's second output has its own test.
  const model = openFixture(name, { score: "map-max", task: "detection" });

  it.each(images)("$id: the same pixels and the same input tensor, to the bit", async (picture) => {
    const image = await readImage(fixturePath(picture.file), { profile: model().description.profile });
    expect([image.width, image.height]).toEqual([picture.width, picture.height]);
    expect(sha256(image.data)).toBe(picture.rgb_sha256);
    expect(sha256(preProcess(image, model().description.preprocessing).data)).toBe(picture.tensor_sha256);
  });

  it.each(images)("$id: the same map, score, label, mask and boxes from the file", async (picture) => {
    const result = await model().predict(fixturePath(picture.file));
    const rawMap = storedMap(name, picture, picture.raw_map);
    const tolerance = NETWORK * picture.raw_score;
    expect(maxDifference(result.rawMap!.data, rawMap.data)).toBeLessThan(tolerance);
    expect(Math.abs(result.rawScore! - picture.raw_score)).toBeLessThan(tolerance);
    expect(Math.abs(result.predScore - picture.pred_score)).toBeLessThan(scoreTolerance(result, picture));
    expect(result.predLabel).toBe(picture.pred_label);

    // A pixel of the map on the threshold reaches at most 3 x 3 pixels of the picture.
    const onThreshold = countNear(rawMap, result.pixelThreshold!, tolerance);
    const mask = await storedMask(name, picture, picture.mask);
    expect(countDifferences(result.predMask!.data, mask.data)).toBeLessThanOrEqual(9 * onThreshold);
    if (onThreshold === 0) expect(result.predBoxes).toEqual(picture.boxes);
  });

  it.each(images)("$id: the same decisions from Anomalib's own map", async (picture) => {
    const judgement = judge(picture);
    const mask = await storedMask(name, picture, picture.mask);
    expect(mask.data.reduce((sum, value) => sum + value, 0)).toBe(picture.mask_pixels);
    expect(countDifferences(judgement.predMask!.data, mask.data)).toBe(0);
    expect(judgement.predBoxes).toEqual(picture.boxes);
    expect(judgement.boxLabels).toEqual(picture.box_labels);
    expect(judgement.predLabel).toBe(picture.pred_label);
    expect(Math.abs(judgement.predScore - picture.pred_score)).toBeLessThan(
      1e-6 * Math.max(1, picture.pred_score),
    );

    const rawMap = storedMap(name, picture, picture.raw_map);
    const atModelSize = judge(picture, rawMap).anomalyMap!;
    const normMap = storedMap(name, picture, picture.norm_map);
    expect(maxDifference(atModelSize.data, normMap.data)).toBe(0);
    const finalMap = storedMap(name, picture, picture.final_map);
    const largest = Math.max(1, ...finalMap.data);
    expect(maxDifference(judgement.anomalyMap!.data, finalMap.data)).toBeLessThan(RESIZE * largest);
  });

  it.each(images)("$id: the same pictures from Anomalib's own map", async (picture) => {
    const image = await readImage(fixturePath(picture.file));
    const judgement = judge(picture);
    const heatMap = judgement.normalised
      ? heatMapOf(judgement, image)!
      : superimposeAnomalyMap(judgement.anomalyMap!, image);
    const segmentations = markBoundaries(image, judgement.predMask!);
    const result: ImageResult = {
      ...judgement,
      explanations: null,
      validity: null,
      alignment: null,
      image,
      heatMap,
      segmentations,
    };
    await expectPicture(heatMap.data, picture.heat_map, COLOURS);
    await expectPicture(segmentations.data, picture.segmentations);
    const segmentation = visualize(result, { mode: "simple", task: "segmentation" });
    await expectPicture(segmentation.data, picture.simple_segmentation, COLOURS);
    const detection = visualize(result, { mode: "simple", task: "detection" });
    await expectPicture(detection.data, picture.simple_detection);

    async function expectPicture(
      data: Uint8Array,
      stored: { file: string } | undefined,
      { share, levels } = EXACT,
    ) {
      if (stored === undefined) return;
      const expected = await storedPicture(name, picture, stored);
      expect(countDifferences(data, expected.data)).toBeLessThanOrEqual(share * expected.data.length);
      expect(maxDifference(data, expected.data)).toBeLessThanOrEqual(levels);
    }
  });

  /** Everything after the network, on the recorded map; at the picture's size or another one. */
  function judge(picture: RawPicture, size: { width: number; height: number } = picture) {
    const map = storedMap(name, picture, picture.raw_map);
    const detection = { map, score: null, label: null, mask: null, normalised: false };
    return postProcess(detection, size, model().description, { task: "detection" });
  }
});

/** 1e-5 of a normalised score; of a raw score, 1e-5 relative. */
function scoreTolerance(result: ImageResult, picture: RawPicture): number {
  return NETWORK * (result.normalised ? 1 : picture.raw_score);
}

describe("patchcore-070 with the score that its threshold was fitted for", () => {
  const name = "patchcore-070";
  const model = openFixture(name);

  it.each(readRawFixture(name).images)("$id: the second output decides by default", async (picture) => {
    const second = picture.second_output!;
    const result = await model().predict(fixturePath(picture.file));
    expect(Math.abs(result.rawScore! - second.score)).toBeLessThan(NETWORK * second.score);
    expect(Math.abs(result.predScore - second.norm_score)).toBeLessThan(NETWORK);
    expect(result.predLabel).toBe(second.label);
    expect(Math.abs(second.score - picture.raw_score)).toBeGreaterThan(0.01);
  });
});

describe.each(IN_GRAPH_MODELS)("%s", (name) => {
  const { images, batch } = readInGraphFixture(name);
  const model = openFixture(name);

  it("knows how many copies of a picture one run takes", () => {
    expect(model().description.input.batch).toBe(batch);
    expect(model().description.normalisation.method).toBe("in-graph");
  });

  it.each(images)("$id: the same pixels and the same input tensor, to the bit", async (picture) => {
    const image = await readImage(fixturePath(picture.file), { profile: model().description.profile });
    expect(sha256(image.data)).toBe(picture.rgb_sha256);
    expect(sha256(preProcess(image, model().description.preprocessing).data)).toBe(picture.tensor_sha256);
  });

  it.each(images)("$id: the same score, label, map and mask from the file", async (picture) => {
    const result = await model().predict(fixturePath(picture.file));
    const map = storedMap(name, picture, picture.anomaly_map);
    const mask = await storedMask(name, picture, picture.pred_mask);
    expect(Math.abs(result.predScore - picture.pred_score)).toBeLessThan(NETWORK);
    expect(result.predLabel).toBe(picture.pred_label);
    expect(maxDifference(result.rawMap!.data, map.data)).toBeLessThan(NETWORK);

    const { width, height } = picture;
    const atPictureSize = resizeLinearMap(map, width, height);
    expect(maxDifference(result.anomalyMap!.data, atPictureSize.data)).toBeLessThan(NETWORK);
    const onThreshold = countNear(map, 0.5, NETWORK);
    const expected = resizeLinear(mask, width, height);
    expect(countDifferences(result.predMask!.data, expected.data)).toBeLessThanOrEqual(9 * onThreshold);
    expect(mask.data.reduce((sum, value) => sum + value, 0)).toBe(picture.mask_pixels);
  });
});
