/** Real exports of Anomalib 0.7.0, 1.2.0 and 2.7.0 are read, recognised and described as they were trained. */
import { existsSync, readFileSync } from "node:fs";
import {
  describeModel,
  externalDataFiles,
  inspectModel,
  type OnnxTensor,
  parseMetadata,
  readOnnx,
  tensorValues,
  writeOnnx,
} from "@blemish/core";
import { describe, expect, it } from "vitest";
import { findPadim, type PadimParts } from "../../packages/core/src/anomalib/find-padim.js";
import { findPatchcore } from "../../packages/core/src/anomalib/find-patchcore.js";
import { indexGraph } from "../../packages/core/src/onnx/graph-index.js";
import { fixturePath } from "../support/anomalib-fixtures.js";
import { readFloatNpy, readNpy } from "../support/npy.js";
import { describeShared, sharedPath } from "../support/shared.js";

/** A model folder, read and described. */
function load(folder: (...parts: string[]) => string, metadataFolder = folder) {
  const bytes = new Uint8Array(readFileSync(folder("model.onnx")));
  const model = readOnnx(bytes, "model.onnx");
  const externalFiles = new Map(
    externalDataFiles(model).map(({ location }) => [
      location,
      new Uint8Array(readFileSync(folder(location))),
    ]),
  );
  const text = metadataFolder("metadata.json");
  const metadata = existsSync(text) ? parseMetadata(readFileSync(text, "utf8"), "metadata.json") : null;
  const description = describeModel({
    model,
    subject: "model.onnx",
    metadata,
    metadataSubject: "metadata.json",
  });
  const facts = inspectModel({ model, fileBytes: bytes.length, description, metadata, externalFiles });
  // Python writes bare Infinity tokens there, too; nothing here needs those numbers.
  const indexText = readFileSync(metadataFolder("index.json"), "utf8").replace(/-?\bInfinity\b/g, "null");
  const index = JSON.parse(indexText);
  return { bytes, model, externalFiles, metadata, description, facts, index };
}

const golden = (name: string) => load((...parts) => sharedPath("golden", name, ...parts));
const fixture = (name: string) => load((...parts) => fixturePath(name, ...parts));

/** The float32 values of a tensor. */
function float32(tensor: OnnxTensor | null, files: ReadonlyMap<string, Uint8Array>): Float32Array {
  const values = tensor === null ? null : tensorValues(tensor, files);
  if (!(values instanceof Float32Array)) throw new Error("no float32 values");
  return values;
}

const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);
const sumOfSquares = (values: Float32Array) => values.reduce((total, value) => total + value * value, 0);

/** Equal but for the order of float64 additions. */
function expectSum(actual: number, expected: number): void {
  expect(Math.abs(actual / expected - 1)).toBeLessThan(1e-10);
}

const RESNET_LAYERS = [
  { layer: "layer1", channels: 64, stride: 4 },
  { layer: "layer2", channels: 128, stride: 8 },
  { layer: "layer3", channels: 256, stride: 16 },
];
const IMAGENET = {
  type: "normalize",
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  maxPixelValue: 255,
};
const resize = (side: number) => ({ type: "resize", height: side, width: side, interpolation: "linear" });
const crop = (side: number) => ({ type: "centerCrop", height: side, width: side });

/** Means and inverse covariances of the cells that a golden keeps, and the sums over all cells. */
function expectStatistics(name: string, parts: PadimParts, files: ReadonlyMap<string, Uint8Array>): void {
  const { statistics } = JSON.parse(readFileSync(sharedPath("golden", name, "index.json"), "utf8"));
  const mean = float32(parts.mean, files); // [n, P]
  const inverse = float32(parts.inverseCovariance, files); // [P, n, n]
  const { cells, channels: n } = parts;
  expectSum(sum(mean), statistics.mean_sum_f64);
  expectSum(sumOfSquares(mean), statistics.mean_sumsq_f64);
  expectSum(sum(inverse), statistics.inv_cov_sum_f64);
  expectSum(sumOfSquares(inverse), statistics.inv_cov_sumsq_f64);
  const storedMean = readFloatNpy(sharedPath("golden", name, "stats", "mean_cells.npy"));
  const storedInverse = readFloatNpy(sharedPath("golden", name, "stats", "inv_cov_cells.npy"));
  for (const [at, cell] of (statistics.cells_saved as number[]).entries()) {
    const column = Float32Array.from({ length: n }, (_, channel) => mean[channel * cells + cell]!);
    expect(column).toEqual(storedMean.data.slice(at * n, (at + 1) * n));
    expect(inverse.slice(cell * n * n, (cell + 1) * n * n)).toEqual(
      storedInverse.data.slice(at * n * n, (at + 1) * n * n),
    );
  }
}

describeShared("golden PaDiM models of Anomalib 0.7.0", ["golden/padim070-bottle-256-n14/model.onnx"], () => {
  const cases = [
    { name: "padim070-bottle-256-n14", side: 256, grid: 64, steps: [resize(256), IMAGENET] },
    { name: "padim070-dobot-128-n20", side: 128, grid: 32, steps: [resize(128), IMAGENET] },
    {
      name: "padim070-bottle-256crop224-tofloat-n14",
      side: 224,
      grid: 56,
      steps: [resize(256), crop(224), { type: "toFloat", maxValue: 255 }],
    },
  ];
  for (const { name, side, grid, steps } of cases) {
    it(name, () => {
      const { model, description, facts, index, externalFiles } = golden(name);
      const { statistics, metadata } = index;
      const range = { min: metadata.min, max: metadata.max };
      expect(description).toMatchObject({
        profile: "anomalib-0.7",
        kind: "padim",
        task: metadata.task,
        input: { name: "input", height: side, width: side, batch: 1 },
        outputs: { map: "output", score: null, label: null, mask: null },
        scoreSource: "map-max",
        preprocessing: steps,
        imageThreshold: metadata.image_threshold,
        pixelThreshold: metadata.pixel_threshold,
        normalisation: { method: "min_max", image: range, pixel: range },
        notes: [],
      });
      expect(facts.bytes.total).toBe(index.onnx.bytes);
      expect(facts.details).toMatchObject({
        layers: RESNET_LAYERS,
        totalChannels: 448,
        channels: statistics.n_features,
        channelIndices: statistics.idx,
        cells: statistics.cells,
        grid: { height: grid, width: grid },
        blur: { kernelSize: 33, sigma: 4 },
      });
      const drawn = readNpy(sharedPath("golden", name, "stats", "idx.npy")).data;
      expect(facts.details.channelIndices).toEqual(Array.from(drawn, Number));
      const parts = findPadim(indexGraph(model.graph));
      expect(parts).not.toBeNull();
      expectStatistics(name, parts!, externalFiles);
    });
  }

  it("padim070-bottle-256-n14-nonorm: no range in the metadata", () => {
    const { description, index } = load(
      (...parts) => sharedPath("golden", "padim070-bottle-256-n14", ...parts),
      (...parts) => sharedPath("golden", "padim070-bottle-256-n14-nonorm", ...parts),
    );
    expect(description).toMatchObject({
      normalisation: { method: "none" },
      imageThreshold: index.metadata.image_threshold,
      pixelThreshold: index.metadata.pixel_threshold,
    });
  });

  it("metadata of another model is noticed by its size", () => {
    const { model, metadata } = golden("padim070-bottle-256-n14");
    const other = golden("padim070-dobot-128-n20");
    expect(() =>
      describeModel({
        model,
        subject: "model.onnx",
        metadata: other.metadata,
        metadataSubject: "other.json",
      }),
    ).toThrow(/expected 256 × 256 pixels, found 128 × 128 from the transform of other\.json.*MODEL_INPUT/);
    expect(() =>
      describeModel({ model, subject: "model.onnx", metadata, options: { profile: "anomalib-2" } }),
    ).toThrow(/OPTION_VALUE/);
  });
});

describeShared(
  "golden PatchCore of Anomalib 0.7.0",
  ["golden/patchcore070-bottle-256crop224-c01/model.onnx"],
  () => {
    const name = "patchcore070-bottle-256crop224-c01";

    it("has its image score as a second output, and its memory bank is found", () => {
      const { model, description, facts, index, externalFiles } = golden(name);
      expect(description).toMatchObject({
        profile: "anomalib-0.7",
        kind: "patchcore",
        outputs: { map: "output", score: "307" },
        scoreSource: "output",
        preprocessing: [resize(256), crop(224), IMAGENET],
        imageThreshold: index.metadata.image_threshold,
        pixelThreshold: index.metadata.pixel_threshold,
      });
      expect(facts.details).toMatchObject({
        layers: RESNET_LAYERS.slice(1),
        totalChannels: 384,
        memoryBank: { rows: 1638, columns: 384 },
        neighbours: 9,
        blur: { kernelSize: 33, sigma: 4 },
      });
      const bank = float32(findPatchcore(indexGraph(model.graph))?.memoryBank ?? null, externalFiles);
      expectSum(sum(bank), index.statistics.sum_f64);
      expectSum(sumOfSquares(bank), index.statistics.sumsq_f64);
      const first = readFloatNpy(sharedPath("golden", name, "stats", "memory_bank_first3.npy"));
      expect(bank.slice(0, first.data.length)).toEqual(first.data);
    });
  },
);

/** What index.json of the newer goldens says about the graph. */
function expectGraph({ facts, index, model }: ReturnType<typeof golden>): void {
  const counts = Object.fromEntries(facts.operators.map(({ operator, count }) => [operator, count]));
  expect(counts).toEqual(index.onnx.ops);
  expect(model.opsets.map(({ domain, version }) => [domain, version])).toEqual(index.onnx.opset);
  expect([model.irVersion, model.producerName, model.producerVersion]).toEqual([
    index.onnx.ir_version,
    ...index.onnx.producer,
  ]);
  const types: Record<string, string> = { float32: "tensor(float)", bool: "tensor(bool)" };
  const ports = (list: typeof facts.inputs) =>
    list.map(({ name, shape, type }) => [name, shape, types[type]]);
  expect(ports(facts.inputs)).toEqual(index.onnx.inputs);
  expect(ports(facts.outputs)).toEqual(index.onnx.outputs);
}

const GRAPH_PREPROCESSING = {
  resize: { height: 256, width: 256, mode: "linear" },
  mean: IMAGENET.mean,
  std: IMAGENET.std,
};

describeShared("golden PaDiM of Anomalib 1.2.0", ["golden/padim120-bottle-n14/model.onnx"], () => {
  it("has its transform in the graph and two ranges in the metadata", () => {
    const loaded = golden("padim120-bottle-n14");
    const { description, facts, index } = loaded;
    const state = index.train_result.state_scalars;
    expect(description).toMatchObject({
      profile: "anomalib-1",
      kind: "padim",
      task: "segmentation",
      input: { name: "input", height: null, width: null, batch: 1 },
      preprocessing: [{ type: "toFloat", maxValue: 255 }],
      imageThreshold: state["image_threshold.value"][0],
      pixelThreshold: state["pixel_threshold.value"][0],
      normalisation: {
        method: "min_max",
        image: {
          min: state["normalization_metrics.pred_scores.min"][0],
          max: state["normalization_metrics.pred_scores.max"][0],
        },
        pixel: {
          min: state["normalization_metrics.anomaly_maps.min"][0],
          max: state["normalization_metrics.anomaly_maps.max"][0],
        },
      },
    });
    expect(facts.details).toMatchObject({
      layers: RESNET_LAYERS,
      channelIndices: index.train_result.idx,
      cells: 4096,
      grid: { height: 64, width: 64 },
      blur: { kernelSize: 33, sigma: 4 },
    });
    expect(facts.graphPreprocessing).toEqual(GRAPH_PREPROCESSING);
    expectGraph(loaded);
  });
});

describeShared("golden PaDiM of Anomalib 2.7.0", ["golden/padim270-bottle-n14/model.onnx.data"], () => {
  const loaded = () => golden("padim270-bottle-n14");

  it("needs no metadata; thresholds and ranges are found in the graph", () => {
    const { description, facts, index } = loaded();
    expect(description).toMatchObject({
      profile: "anomalib-2",
      kind: "padim",
      outputs: { map: "anomaly_map", score: "pred_score", label: "pred_label", mask: "pred_mask" },
      scoreSource: "output",
      preprocessing: [{ type: "toFloat", maxValue: 255 }],
      imageThreshold: 0.5,
      pixelThreshold: 0.5,
      normalisation: { method: "in-graph" },
    });
    const state = index.train_result.state_scalars;
    const difference = (max: string, min: string) => state[max][0] - state[min][0];
    const { image, pixel } = facts.graphThresholds!;
    expect(image?.threshold).toBe(state["post_processor._image_threshold"][0]);
    expect(pixel?.threshold).toBe(state["post_processor._pixel_threshold"][0]);
    expect(image?.range).toBeCloseTo(difference("post_processor.image_max", "post_processor.image_min"), 5);
    expect(pixel?.range).toBeCloseTo(difference("post_processor.pixel_max", "post_processor.pixel_min"), 5);
    expect(facts.details).toMatchObject({
      layers: RESNET_LAYERS,
      channelIndices: index.train_result.idx,
      cells: 4096,
      grid: { height: 64, width: 64 },
      blur: { kernelSize: 33, sigma: 4 },
    });
    expect(facts.graphPreprocessing).toEqual(GRAPH_PREPROCESSING);
  });

  it("keeps its weights in a second file, all of which is needed", () => {
    const one = loaded();
    const stored = one.index.onnx.files;
    expect(externalDataFiles(one.model)).toEqual([
      { location: "model.onnx.data", bytes: stored["model.onnx.data"].bytes },
    ]);
    expect(one.facts.bytes.total).toBe(stored["model.onnx"].bytes + stored["model.onnx.data"].bytes);
    expectGraph(one);
    const parts = findPadim(indexGraph(one.model.graph));
    expect(parts?.mean && tensorValues(parts.mean)).toBeNull();
    expect(float32(parts!.mean, one.externalFiles).every(Number.isFinite)).toBe(true);
    const short = new Map([["model.onnx.data", new Uint8Array(1000)]]);
    expect(() => tensorValues(parts!.mean!, short)).toThrow(/MODEL_DATA_MISSING/);
  });
});

describeShared("every golden model", ["golden/padim070-bottle-256-n14/model.onnx"], () => {
  const names = [
    "padim070-bottle-256-n14",
    "padim070-dobot-128-n20",
    "padim070-bottle-256crop224-tofloat-n14",
    "patchcore070-bottle-256crop224-c01",
    "padim120-bottle-n14",
    "padim270-bottle-n14",
  ];
  for (const name of names) {
    it(`${name}: written and read again it is the same; its facts survive JSON; its weights are views`, () => {
      const { model, facts, bytes } = golden(name);
      const again = readOnnx(writeOnnx(model), "again");
      // toEqual walks every byte of the weights one by one: compare them as buffers instead.
      const weights = (one: typeof model) =>
        one.graph.initialisers.map(({ payload }) =>
          payload.kind === "raw" ? Buffer.from(payload.bytes) : null,
        );
      const without = (one: typeof model) => ({
        ...one,
        graph: {
          ...one.graph,
          initialisers: one.graph.initialisers.map(({ payload, ...rest }) =>
            payload.kind === "raw" ? rest : { ...rest, payload },
          ),
        },
      });
      expect(without(again)).toEqual(without(model));
      const copies = weights(again);
      for (const [i, weight] of weights(model).entries()) {
        const copy = copies[i] ?? null;
        expect(weight === null ? copy === null : copy?.equals(weight)).toBe(true);
      }
      for (const { payload } of model.graph.initialisers) {
        if (payload.kind === "raw") expect(payload.bytes.buffer).toBe(bytes.buffer);
      }
      expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
    });
  }
});

describe("models of fixtures/anomalib", () => {
  it("PatchCore of 2.7.0: batch fixed at 2, patches searched in slices", () => {
    const { description, facts } = fixture("patchcore-270");
    expect(description).toMatchObject({
      profile: "anomalib-2",
      kind: "patchcore",
      input: { batch: 2, height: null },
    });
    expect(description.notes[0]).toMatch(/fixed its batch at 2/);
    expect(facts.details).toMatchObject({
      layers: [
        { layer: "layer2", channels: 16, stride: 8 },
        { layer: "layer3", channels: 32, stride: 16 },
      ],
      memoryBank: { rows: 30, columns: 48 },
      neighbours: 9,
    });
  });

  it("every other one: profile, kind and thresholds", () => {
    const expected: [string, string, string][] = [
      ["padim-070-segmentation", "anomalib-0.7", "padim"],
      ["padim-070-detection", "anomalib-0.7", "padim"],
      ["padim-070-crop-tofloat", "anomalib-0.7", "padim"],
      ["patchcore-070", "anomalib-0.7", "patchcore"],
      ["padim-120", "anomalib-1", "padim"],
      ["padim-270", "anomalib-2", "padim"],
    ];
    for (const [name, profile, kind] of expected) {
      const { description, index } = fixture(name);
      expect(description, name).toMatchObject({ profile, kind });
      expect(description.imageThreshold, name).toBe(index.metadata?.image_threshold ?? 0.5);
      expect(description.pixelThreshold, name).toBe(index.metadata?.pixel_threshold ?? 0.5);
    }
  });
});
