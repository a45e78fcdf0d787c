/**
 * PatchCore exports on our own kernels against what the real Anomalib gives: the map and both scores within 1e-4 relative
 * (seen: maps 8e-6, raw scores 2e-6, normalised scores 2e-5), the same labels, the same masks but for pixels within 1e-4 of the threshold. Models and pictures of this
 * repository first, then a real one where the shared folder is.
 */
import { existsSync, readFileSync } from "node:fs";
import {
  type Detection,
  describeModel,
  extractTaps,
  type FloatMap,
  type ModelDescription,
  parseMetadata,
  preProcess,
  readOnnx,
  type Session,
  type Tensor,
} from "@blemish/core";
import { ortSession, readImage } from "@blemish/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type RecognisedPatchcore,
  recognisePatchcore,
} from "../../packages/core/src/anomalib/recognise-patchcore.js";
import { createArena } from "../../packages/core/src/kernels/arena.js";
import {
  type ExportedBackbone,
  exportedBackbone,
} from "../../packages/core/src/pipeline/exported-backbone.js";
import {
  type PatchcoreScores,
  patchcoreImport,
  patchcoreImportBytes,
  patchcoreImportScorer,
} from "../../packages/core/src/pipeline/score-patchcore-import.js";
import { normaliseAsGraph } from "../../packages/core/src/stages/detector/normalise-as-graph.js";
import { fixturePath, readInGraphFixture, readRawFixture, storedMap } from "../support/anomalib-fixtures.js";
import { readFloatNpy } from "../support/npy.js";
import { describeShared, sharedPath } from "../support/shared.js";

/** Relative for a score, share of the maximum for a map; of 1 where values are normalised. */
const TOLERANCE = 1e-4;

interface Imported {
  readonly description: ModelDescription;
  readonly found: RecognisedPatchcore;
  /** Scores a picture's tensor. */
  score(input: Tensor): Promise<PatchcoreScores>;
}

/** Recognises and cuts an export for a block of tests. */
function importing(folder: string): () => Imported {
  let imported: Imported;
  let session: Session;
  beforeAll(async () => {
    const path = `${folder}/model.onnx`;
    const model = readOnnx(new Uint8Array(readFileSync(path)), path);
    const data = `${path}.data`;
    const files = new Map(existsSync(data) ? [["model.onnx.data", new Uint8Array(readFileSync(data))]] : []);
    const own = `${folder}/metadata.json`;
    const metadata = existsSync(own) ? parseMetadata(readFileSync(own, "utf8"), own) : null;
    const description = describeModel({ model, subject: path, metadata });
    const found = recognisePatchcore(model, files);
    if (!found.recognised) throw new Error(found.reason);
    const backbone: ExportedBackbone = exportedBackbone({
      model,
      files,
      subject: path,
      description,
      file: "model.onnx",
      hash: () => "0".repeat(64),
      graph: found,
      taps: found.taps.map((tap) => ({ ...tap, kept: [...Array(tap.channels).keys()] })),
    });
    session = await ortSession({ bytes: backbone.bytes, name: path }, { threads: 1, spinning: false });
    const parts = patchcoreImport(found, "float32", path);
    const score = patchcoreImportScorer(parts, createArena(patchcoreImportBytes(parts)));
    imported = {
      description,
      found,
      score: async (input) => score(await extractTaps(session, backbone.manifest, input)),
    };
  });
  afterAll(() => session?.close());
  return () => imported;
}

function expectSameMap(found: FloatMap, expected: FloatMap, scale: number, threshold: number): void {
  expect([found.width, found.height]).toEqual([expected.width, expected.height]);
  let farthest = 0;
  let wrong = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const [own, its] = [found.data[i]!, expected.data[i]!];
    farthest = Math.max(farthest, Math.abs(own - its));
    const near = Math.abs(its - threshold) <= TOLERANCE * scale;
    if (!near && own >= threshold !== its >= threshold) wrong++;
  }
  expect(farthest).toBeLessThanOrEqual(TOLERANCE * scale);
  expect(wrong).toBe(0);
}

const expectClose = (found: number, expected: number) =>
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(TOLERANCE * Math.abs(expected));

describe("patchcore-070", () => {
  const name = "patchcore-070";
  const model = importing(fixturePath(name));
  it.each(readRawFixture(name).images)("$id: map, both scores, both labels", async (picture) => {
    const { description, score } = model();
    const image = await readImage(fixturePath(picture.file), { profile: description.profile });
    const scores = await score(preProcess(image, description.preprocessing));
    const threshold = description.imageThreshold ?? Number.NaN;
    const map = storedMap(name, picture, picture.raw_map);
    expectSameMap(scores.map, map, picture.raw_score, description.pixelThreshold ?? Number.NaN);
    expectClose(scores.highest, picture.raw_score);
    expect(scores.highest >= threshold).toBe(picture.pred_label);
    expectClose(scores.score, picture.second_output?.score ?? Number.NaN);
    expect(scores.score >= threshold).toBe(picture.second_output?.label);
  });
});

describe("patchcore-270", () => {
  const name = "patchcore-270";
  const model = importing(fixturePath(name));
  it.each(readInGraphFixture(name).images)("$id: normalised map and score, label, mask", async (picture) => {
    const { description, found, score } = model();
    const image = await readImage(fixturePath(picture.file), { profile: description.profile });
    const scores = await score(preProcess(image, description.preprocessing));
    const { normaliser, decisions } = found.end ?? {};
    if (normaliser === undefined || decisions === undefined) throw new Error("a graph that normalises");
    const said: Detection = normaliseAsGraph(scores, normaliser, decisions);
    expectSameMap(said.map as FloatMap, storedMap(name, picture, picture.anomaly_map), 1, 0.5);
    expectClose(said.score ?? Number.NaN, picture.pred_score);
    expect(said.label).toBe(picture.pred_label);
    expect(said.mask?.data.reduce((sum, bit) => sum + bit, 0)).toBe(picture.mask_pixels);
  });
});

interface SharedPicture {
  readonly id: string;
  readonly input_tensor: { readonly file: string };
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

describeShared(`${GOLDEN} on our kernels`, [`golden/${GOLDEN}/model.onnx`], () => {
  const model = importing(sharedPath("golden", GOLDEN));
  it.each(sharedPictures())("$id: map, both scores, both labels", async (picture) => {
    const { description, found, score } = model();
    expect([found.bank.rows, found.bank.channels, found.neighbours]).toEqual([1638, 384, 9]);
    const scores = await score(readFloatNpy(sharedPath("golden", picture.input_tensor.file)));
    const map = sharedMap(picture.raw_map.ort.file);
    const threshold = description.imageThreshold ?? Number.NaN;
    expectSameMap(scores.map, map, picture.raw_score.ort, description.pixelThreshold ?? Number.NaN);
    expectClose(scores.highest, picture.raw_score.ort);
    expect(scores.highest >= threshold).toBe(picture.result_ort.pred_label);
    expectClose(scores.score, picture.ort_outputs[1]?.[2] ?? Number.NaN);
    expect(scores.score >= threshold).toBe(picture.result_torch_inferencer.pred_label === "Anomalous");
  });
});
