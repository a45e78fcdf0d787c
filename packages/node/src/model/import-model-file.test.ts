import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createArena,
  detectorBytes,
  headBytes,
  type ImportedModelFile,
  learnedDetector,
  type OnnxModel,
  writeOnnx,
} from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixturePath } from "../../../../tests/support/anomalib-fixtures.js";
import {
  nodeOf,
  patchcoreExport,
  withChanges,
  writeUnlikePatchcore,
} from "../../../../tests/support/patchcore-fixtures.js";
import { ints, node } from "../../../../tests/support/small-onnx.js";
import { type WholeSize, wholePadim, wholePadim2 } from "../../../../tests/support/whole-padim.js";
import { ortSession } from "../session/ort-session.js";
import { sha256 } from "../sha256.js";
import { saveModel } from "../training/save-model.js";
import { importModelFile, importOnnxFile } from "./import-model-file.js";
import { readOnnxFile } from "./model-files.js";
import { describe as describeFile } from "./read-model.js";
import type { StoredPrecision } from "./stored-precision.js";
import { loadModelFile } from "./trained-model-file.js";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "blemish-import-"));
});
afterAll(() => rm(root, { recursive: true }));

const SESSION = { threads: 1, spinning: false };

/** How the factors of the one detector are stored. */
function precisionOf({ detectors }: ImportedModelFile): string {
  expect(detectors).toHaveLength(1);
  const { head } = detectors[0]!;
  return head.kind === "padim" ? head.gaussians.precision : head.kind;
}

describe("importModelFile", () => {
  it("turns an export into a file that reads back, with samples of its own", async () => {
    const { model, path, bytes, metadataPath } = await importModelFile(fixturePath("padim-070-segmentation"));
    expect(path).toBe(fixturePath("padim-070-segmentation", "model.onnx"));
    expect(metadataPath).toBe(fixturePath("padim-070-segmentation", "metadata.json"));
    expect(bytes).toBe(model.manifest.imported.bytes);
    expect(precisionOf(model)).toBe("int16");
    expect(model.manifest.imported.sha256).toBe(sha256([await readFile(path)]));
    expect(model.manifest.backbone.sha256).toBe(sha256([model.backbone]));
    expect(model.manifest.parity.map(({ seed, rawMap }) => [seed, rawMap.length])).toEqual([
      [1, 16],
      [2, 16],
    ]);
    const file = join(root, "part.blemish");
    await saveModel(file, model);
    expect(await loadModelFile(file)).toEqual(model);
  });

  it("counts external weights, and takes the precision that is asked for", async () => {
    const { model, bytes } = await importModelFile(fixturePath("padim-270"), { factors: "float32" });
    const { bytes: graph } = await readOnnxFile(fixturePath("padim-270", "model.onnx"));
    expect(bytes).toBeGreaterThan(graph);
    expect(precisionOf(model)).toBe("float32");
  });

  it.each(["patchcore-070", "patchcore-270"])("turns %s into a file that reads back", async (name) => {
    const { model } = await importModelFile(fixturePath(name));
    expect(model.manifest.passes[0]!.detectors[0]!.head).toEqual({
      kind: "patchcore",
      rows: 30,
      precision: "float32",
      neighbours: 9,
    });
    const scores = model.manifest.parity.map(({ rawScore, rawMap }) => [rawScore, rawMap.length]);
    expect(scores).toEqual([
      [expect.any(Number), 16],
      [expect.any(Number), 16],
    ]);
    const file = join(root, `${name}.blemish`);
    await saveModel(file, model);
    expect(await loadModelFile(file)).toEqual(model);
  });

  it("keeps which score was chosen", async () => {
    const { model } = await importModelFile(fixturePath("patchcore-070"), { score: "map-max" });
    expect(model.manifest.imported.description.scoreSource).toBe("map-max");
  });

  it("refuses a precision of what the model does not have", async () => {
    await expect(importModelFile(fixturePath("patchcore-070"), { factors: "int8" })).rejects.toMatchObject({
      code: "OPTION_VALUE",
    });
    await expect(importModelFile(fixturePath("padim-120"), { bankPrecision: "int8" })).rejects.toMatchObject({
      code: "OPTION_VALUE",
    });
  });

  it("refuses what is not recognised, model files, missing weights and unknown options", async () => {
    const unlike = await writeUnlikePatchcore(join(root, "unlike"));
    await expect(importModelFile(unlike)).rejects.toMatchObject({ code: "MODEL_ENGINE" });
    const ours = join(root, "ours.blemish");
    await saveModel(ours, (await importModelFile(fixturePath("padim-120"))).model);
    await expect(importModelFile(ours)).rejects.toMatchObject({ code: "MODEL_FORMAT" });
    await cp(fixturePath("padim-270", "model.onnx"), join(root, "model.onnx"));
    await expect(importModelFile(join(root, "model.onnx"))).rejects.toMatchObject({
      code: "MODEL_DATA_MISSING",
    });
    await expect(importModelFile(root, { factors: "int4" as "int8" })).rejects.toMatchObject({
      code: "OPTION_VALUE",
    });
  });
});

/** A float32 picture, the same every time. */
function picture(width: number, height: number) {
  const data = Float32Array.from(
    { length: 3 * width * height },
    (_, i) => Math.sin(i * 0.37) + Math.cos(i * 0.011),
  );
  return { data, shape: [1, 3, height, width] };
}

/** What the whole graph gives in ONNX Runtime, and what its import gives, for one tensor. */
async function bothWays(
  model: OnnxModel,
  width: number,
  height: number,
  precision: StoredPrecision = { factors: "float32" },
) {
  const path = join(root, `${width}x${height}-${model.graph.nodes.length}.onnx`);
  await writeFile(path, writeOnnx(model));
  const input = picture(width, height);
  const whole = await ortSession(path, SESSION);
  const expected = await whole.run({ input });
  await whole.close();
  const file = await readOnnxFile(path);
  const metadata = { path: "metadata.json", metadata: METADATA };
  const description = await describeFile(file, metadata, {});
  const imported = await importOnnxFile(file, description, precision, null);
  const session = await ortSession({ bytes: imported.backbone, name: path }, SESSION);
  const arena = createArena(detectorBytes(imported.manifest) + headBytes(imported));
  const detector = learnedDetector(session, imported, arena);
  const found = await detector.detect([input]);
  await detector.close();
  return { expected, found };
}

const METADATA = {
  task: "segmentation",
  transform: null,
  imageThreshold: 1,
  pixelThreshold: 1,
  normalisation: { method: "none" },
  separateRanges: false,
  mapSize: null,
  notes: [],
} as const;

const farthest = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

/** What 1.x changed: layers enlarged with bilinear interpolation, and pictures counted by a Range. */
function patchcoreOf1(map: "nearest" | "linear"): OnnxModel {
  const { model } = patchcoreExport("patchcore-070");
  const bilinear = (output: string) => {
    const words = { mode: "linear", coordinate_transformation_mode: "half_pixel" };
    return { [output]: node("Resize", nodeOf(model, output).inputs, output, words) };
  };
  const range = node("Range", ["from", "to", "step"], "/Mul_1_output_0");
  return withChanges(model, {
    nodes: {
      ...bilinear("/Resize_output_0"),
      ...(map === "linear" ? bilinear("/anomaly_map_generator/Resize_output_0") : {}),
      "/Mul_1_output_0": range,
    },
    initialisers: [ints("from", [], [0]), ints("to", [], [1]), ints("step", [], [1])],
  });
}

const PATCHCORES: readonly (readonly [string, () => OnnxModel])[] = [
  ["0.7", () => patchcoreExport("patchcore-070").model],
  ["1.x", () => patchcoreOf1("nearest")],
  ["bilinear maps", () => patchcoreOf1("linear")],
  [
    "one neighbour",
    () => {
      const highest = node("ReduceMax", ["/Reshape_1_output_0"], "250", { axes: [1], keepdims: 0 });
      return withChanges(patchcoreExport("patchcore-070").model, { nodes: { "250": highest } });
    },
  ],
];

describe("an imported PatchCore gives map and score of the whole graph", () => {
  it.each(PATCHCORES)("%s", async (_, model) => {
    const { expected, found } = await bothWays(model(), 64, 64, {});
    const map = expected.output!.data as Float32Array;
    const highest = map.reduce((most, value) => Math.max(most, value), 0);
    expect(farthest(found.map!.data, map)).toBeLessThan(1e-5 * highest);
    const score = (expected["250"]!.data as Float32Array)[0]!;
    expect(Math.abs(found.score! / score - 1)).toBeLessThan(1e-5);
    expect(score).not.toBeCloseTo(highest, 3);
  });
});

const ALL = Array.from({ length: 12 }, (_, channel) => channel);
const SIZES: readonly WholeSize[] = [
  { width: 32, height: 32, channels: [9, 2, 4, 0] },
  { width: 36, height: 36, channels: [9, 2, 4, 0] },
  { width: 60, height: 28, channels: [11, 3] },
  { width: 44, height: 52, channels: ALL },
  { width: 32, height: 32, channels: [0] },
  { width: 36, height: 32, channels: [10] },
];

describe("an imported graph gives the numbers of the whole graph", () => {
  it.each(SIZES)("$width × $height, channels $channels", async (size) => {
    const { expected, found } = await bothWays(wholePadim({}, size), size.width, size.height);
    const map = expected.output!.data as Float32Array;
    const highest = map.reduce((most, value) => Math.max(most, value), 0);
    expect(highest).toBeGreaterThan(0.1);
    expect(farthest(found.map!.data, map)).toBeLessThan(1e-5 * highest);
    expect([found.map!.width, found.map!.height]).toEqual([size.width, size.height]);
  });

  it("with 2.x's end, for a picture that the graph resizes", async () => {
    const { expected, found } = await bothWays(wholePadim2(), 50, 41);
    expect(farthest(found.map!.data, expected.anomaly_map!.data as Float32Array)).toBeLessThan(1e-5);
    expect(found.score).toBeCloseTo(expected.pred_score!.data[0]!, 5);
    expect(found.label).toBe(expected.pred_label!.data[0] === 1);
    expect(farthest(Float32Array.from(found.mask!.data), expected.pred_mask!.data as Float32Array)).toBe(0);
    expect(found.normalised).toBe(true);
  });
});
