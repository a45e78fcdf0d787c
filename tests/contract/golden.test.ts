/**
 * From the file of a picture to its result, against outputs of the real Anomalib 0.7.0, 1.2.0 and 2.7.0 that were
 * computed with ONNX Runtime. `docs/parity.md` says in words what is compared here.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { type FloatMap, normaliseMap, resizeLinear } from "@blemish/core";
import { decodeImage, type Model, type OpenOptions, open, type PictureResult } from "@blemish/node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readFloatNpy } from "../support/npy.js";
import { describeShared, sharedPath } from "../support/shared.js";

/** Share of the map's maximum (raw) or of the 0–1 range (normalised) by which a value may differ. */
const TOLERANCE = 1e-5;
/** Anomalib's OpenCV (IPP) resizes float maps with an error of up to this, on the 0–1 scale. */
const IPP_ERROR = 1.2e-5;

interface GoldenFile {
  readonly file: string;
}

/** A picture's record in a 0.7.0 index.json. */
interface Golden07 {
  readonly id: string;
  readonly input_name: string;
  readonly rgb_sha256_after_decode: string;
  readonly raw_map: { readonly ort: GoldenFile };
  readonly raw_score: { readonly ort: number };
  readonly norm_map: GoldenFile;
  readonly ort_outputs?: readonly (readonly [string, readonly number[], number | null])[];
  readonly result_ort: {
    readonly pred_score: number;
    readonly pred_label: boolean;
    readonly pred_boxes: readonly (readonly number[])[];
    readonly box_labels: readonly number[];
    readonly mask_pixels: number;
  };
  readonly result_torch_inferencer: { readonly pred_score: number };
  readonly final_map: { readonly sub16: GoldenFile };
  readonly mask: GoldenFile;
  readonly segmentations_sha256_rgb: string;
  readonly heat_map?: GoldenFile;
  readonly segmentations?: GoldenFile;
}

/** A picture's record in the index.json of 1.2.0 and 2.7.0. */
interface GoldenLater {
  readonly id: string;
  readonly input_name: string;
  readonly rgb_sha256_after_decode: string;
  readonly anomaly_map: GoldenFile;
  readonly mask: string;
  readonly ort: {
    readonly output: { readonly max: number };
    readonly pred_score: number;
    readonly pred_label: boolean;
    readonly pred_mask: { readonly sum_f64: number };
  };
  readonly openvino_f32: { readonly pred_score: number; readonly pred_label: string };
}

const golden = (...parts: string[]) => sharedPath("golden", ...parts);
/** The pictures of an index.json; none where it is missing, because the body of a skipped suite runs, too. */
function imagesOf<T>(folder: string): T[] {
  const path = golden(folder, "index.json");
  // Python writes Infinity where JSON has no word for it.
  return existsSync(path)
    ? JSON.parse(readFileSync(path, "utf8").replace(/-?\bInfinity\b/g, "null")).images
    : [];
}
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const pixelsOf = async (file: string) => {
  const { data, width, height } = await decodeImage(readFileSync(golden(file)), file);
  return { data: data as Uint8Array, width, height };
};

/** Largest difference of two arrays of numbers. */
function farthest(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found.length).toBe(expected.length);
  let most = 0;
  for (let i = 0; i < found.length; i++) most = Math.max(most, Math.abs(found[i]! - expected[i]!));
  return most;
}

const maximum = (values: Float32Array) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);

/** Pixels of a raw map that are too close to the threshold to be decided for certain. */
function undecided({ data }: FloatMap, threshold: number): number {
  const margin = TOLERANCE * maximum(data);
  return data.reduce((count, value) => count + (Math.abs(value - threshold) <= margin ? 1 : 0), 0);
}

/** Number of bytes that differ. */
function differing(found: Uint8Array, expected: Uint8Array): number {
  expect(found.length).toBe(expected.length);
  return found.reduce((count, byte, i) => count + (byte === expected[i] ? 0 : 1), 0);
}

/** Mask pixels that differ; only those may that hang on pixels of the map too close to the threshold. */
function expectMask(result: PictureResult, expected: Uint8Array): void {
  const { rawMap, predMask, width, height } = result;
  // Enlarging lets one pixel of the map reach this many of the picture.
  const reach = Math.ceil((2 * width) / rawMap!.width) * Math.ceil((2 * height) / rawMap!.height);
  const wrong = differing(predMask!.data, expected);
  expect(wrong).toBeLessThanOrEqual(undecided(rawMap!, result.pixelThreshold!) * reach);
}

/** Opens a model, predicts every picture of its index, and closes it. */
function predictAll<T extends { readonly id: string; readonly input_name: string }>(
  folder: string,
  pictures: string,
  options: OpenOptions = {},
  modelFolder = folder,
) {
  const results = new Map<string, PictureResult>();
  let model: Model;
  beforeAll(async () => {
    // The graph as it is: what the fast engine may differ by is in fast-engine.test.ts.
    model = await open(golden(modelFolder), { engine: "onnx", ...options });
    const images = imagesOf<T>(folder);
    const paths = images.map((image) => sharedPath("data", pictures, image.input_name));
    for await (const { index, result, error } of model.predictMany(paths, {
      heatMap: true,
      segmentations: true,
    })) {
      if (error) throw error;
      results.set(images[index]!.id, result);
    }
  });
  afterAll(() => model?.close());
  return { resultOf: (id: string) => results.get(id)!, description: () => model.description };
}

const idsOf = (folder: string) => imagesOf<{ id: string }>(folder).map(({ id }) => id);

interface Case07 {
  readonly folder: string;
  readonly pictures: string;
  readonly modelFolder?: string;
  /** Without normalisation Anomalib's heat maps wrap round; ours are drawn against the threshold instead. */
  readonly raw?: boolean;
}

const BOTTLE = "mvtec-bottle-original";
const CASES_07: readonly Case07[] = [
  { folder: "padim070-bottle-256-n14", pictures: BOTTLE },
  { folder: "padim070-dobot-128-n20", pictures: "dobot-cubes" },
  { folder: "padim070-bottle-256crop224-tofloat-n14", pictures: BOTTLE },
  {
    folder: "padim070-bottle-256-n14-nonorm",
    pictures: BOTTLE,
    modelFolder: "padim070-bottle-256-n14",
    raw: true,
  },
  { folder: "patchcore070-bottle-256crop224-c01", pictures: BOTTLE },
];

for (const { folder, pictures, modelFolder = folder, raw = false } of CASES_07) {
  describeShared(
    `Anomalib 0.7.0: ${folder}`,
    [`golden/${folder}`, `golden/${modelFolder}/model.onnx`, `data/${pictures}`],
    () => {
      const metadata = golden(folder, "metadata.json");
      // The goldens are what OpenVINOInferencer makes of the map, with the boxes of task detection.
      const { resultOf, description } = predictAll<Golden07>(
        folder,
        pictures,
        { metadata, task: "detection", score: "map-max" },
        modelFolder,
      );
      const images = new Map(imagesOf<Golden07>(folder).map((image) => [image.id, image]));
      const both = (id: string) => ({ image: images.get(id)!, result: resultOf(id) });

      it.each(idsOf(folder))("%s: the pixels are those that Anomalib decoded", (id) => {
        const { image, result } = both(id);
        expect(sha256(result.image.data)).toBe(image.rgb_sha256_after_decode);
      });

      it.each(idsOf(folder))("%s: the raw map and the raw score", (id) => {
        const { image, result } = both(id);
        const expected = readFloatNpy(golden(image.raw_map.ort.file)).data;
        expect(farthest(result.rawMap!.data, expected)).toBeLessThanOrEqual(TOLERANCE * maximum(expected));
        const score = image.raw_score.ort;
        expect(Math.abs(result.rawScore! - score)).toBeLessThanOrEqual(TOLERANCE * score);
      });

      it.each(idsOf(folder))("%s: the normalised map and the normalised score", (id) => {
        const { image, result } = both(id);
        const expected = readFloatNpy(golden(image.norm_map.file)).data;
        const { pixelThreshold, normalisation } = description();
        const found = normaliseMap(result.rawMap!, pixelThreshold!, normalisation).data;
        const scale = raw ? maximum(expected) : 1;
        expect(farthest(found, expected)).toBeLessThanOrEqual(TOLERANCE * scale);
        expect(Math.abs(result.predScore - image.result_ort.pred_score)).toBeLessThanOrEqual(
          TOLERANCE * scale,
        );
      });

      it.each(idsOf(folder))("%s: the map at the picture's size", (id) => {
        const { image, result } = both(id);
        const { width, data } = result.anomalyMap!;
        const { data: expected, shape } = readFloatNpy(golden(image.final_map.sub16.file));
        const columns = shape[1]!;
        const found = expected.map(
          (_, i) => data[Math.floor(i / columns) * 16 * width + (i % columns) * 16]!,
        );
        const scale = raw ? maximum(expected) : 1;
        expect(farthest(found, expected)).toBeLessThanOrEqual((TOLERANCE + IPP_ERROR) * scale);
      });

      it.each(idsOf(folder))("%s: label, boxes and mask", async (id) => {
        const { image, result } = both(id);
        const { pred_label, pred_boxes, box_labels, mask_pixels } = image.result_ort;
        expect(result.predLabel).toBe(pred_label);
        expect(result.predBoxes).toEqual(pred_boxes);
        expect(result.boxLabels).toEqual(box_labels);
        const mask = await pixelsOf(image.mask.file);
        expectMask(
          result,
          mask.data.map((byte) => byte / 255),
        );
        expect(result.regions.reduce((sum, { area }) => sum + area, 0)).toBe(mask_pixels);
      });

      it.each(idsOf(folder))("%s: the outline of the mask", (id) => {
        const { image, result } = both(id);
        expect(sha256(result.segmentations!.data)).toBe(image.segmentations_sha256_rgb);
      });

      if (!raw) {
        const drawn = [...images.values()].filter(({ heat_map }) => heat_map !== undefined);
        for (const { id, heat_map } of drawn) {
          it(`${id}: the heat map, but for single bytes of a map level`, async () => {
            const found = resultOf(id).heatMap!.data;
            const expected = await pixelsOf(heat_map!.file);
            // One level of the map's byte is up to 4 of its colour, 0.4 of which go into the heat map.
            expect(farthest(found, expected.data)).toBeLessThanOrEqual(2);
            expect(differing(found, expected.data)).toBeLessThanOrEqual(1e-4 * found.length);
          });
        }
      }
    },
  );
}

describeShared(
  "Anomalib 0.7.0 PatchCore by the graph's own score",
  ["golden/patchcore070-bottle-256crop224-c01", `data/${BOTTLE}`],
  () => {
    const folder = "patchcore070-bottle-256crop224-c01";
    const { resultOf, description } = predictAll<Golden07>(folder, BOTTLE);

    it("takes that score by default", () => expect(description().scoreSource).toBe("output"));

    it.each(idsOf(folder))("%s: scores as the runtime and TorchInferencer give them", (id) => {
      const image = imagesOf<Golden07>(folder).find((one) => one.id === id)!;
      const result = resultOf(id);
      const expected = image.ort_outputs![1]![2]!;
      expect(Math.abs(result.rawScore! - expected)).toBeLessThanOrEqual(TOLERANCE * expected);
      expect(Math.abs(result.predScore - image.result_torch_inferencer.pred_score)).toBeLessThanOrEqual(
        TOLERANCE,
      );
    });
  },
);

describeShared(
  "Anomalib 1.2.0: padim120-bottle-n14",
  ["golden/padim120-bottle-n14", `data/${BOTTLE}`],
  () => {
    const folder = "padim120-bottle-n14";
    const { resultOf, description } = predictAll<GoldenLater>(folder, "");
    const images = new Map(imagesOf<GoldenLater>(folder).map((image) => [image.id, image]));

    it("is recognised", () => expect(description().profile).toBe("anomalib-1"));

    it.each(idsOf(folder))("%s: pixels, raw map, score and label", (id) => {
      const [image, result] = [images.get(id)!, resultOf(id)];
      expect(sha256(result.image.data)).toBe(image.rgb_sha256_after_decode);
      const expected = readFloatNpy(golden(image.anomaly_map.file)).data;
      const { max } = image.ort.output;
      expect(farthest(result.rawMap!.data, expected)).toBeLessThanOrEqual(TOLERANCE * max);
      expect(Math.abs(result.rawScore! - max)).toBeLessThanOrEqual(TOLERANCE * max);
      expect(Math.abs(result.predScore - image.openvino_f32.pred_score)).toBeLessThanOrEqual(TOLERANCE);
      expect(result.predLabel).toBe(image.openvino_f32.pred_label === "1");
    });
  },
);

describeShared(
  "Anomalib 2.7.0: padim270-bottle-n14",
  ["golden/padim270-bottle-n14", `data/${BOTTLE}`],
  () => {
    const folder = "padim270-bottle-n14";
    const { resultOf, description } = predictAll<GoldenLater>(folder, "");
    const images = new Map(imagesOf<GoldenLater>(folder).map((image) => [image.id, image]));

    it("is recognised", () => expect(description().profile).toBe("anomalib-2"));

    it.each(idsOf(folder))("%s: pixels, map, score and label", (id) => {
      const [image, result] = [images.get(id)!, resultOf(id)];
      expect(sha256(result.image.data)).toBe(image.rgb_sha256_after_decode);
      const expected = readFloatNpy(golden(image.anomaly_map.file)).data;
      expect(farthest(result.rawMap!.data, expected)).toBeLessThanOrEqual(TOLERANCE);
      expect(Math.abs(result.predScore - image.ort.pred_score)).toBeLessThanOrEqual(TOLERANCE);
      expect(result.rawScore).toBe(null);
      expect(result.predLabel).toBe(image.ort.pred_label);
    });

    it.each(idsOf(folder))("%s: the graph's mask, brought to the picture's size", async (id) => {
      const [image, result] = [images.get(id)!, resultOf(id)];
      const { data, width, height } = await pixelsOf(image.mask);
      const mask = { width, height, channels: 1, data: data.map((byte) => byte / 255) } as const;
      expect(mask.data.reduce((sum, value) => sum + value, 0)).toBe(image.ort.pred_mask.sum_f64);
      expectMask(result, resizeLinear(mask, result.width, result.height).data);
    });
  },
);
