import { type ModelFacts, modelFileDetails, type TrainedManifest } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { smallImported, smallModel } from "../../../../tests/support/small-model.js";
import { modelReport } from "./model-report.js";

const facts: ModelFacts = {
  producer: "pytorch 2.0",
  irVersion: 6,
  opsets: [{ domain: "", version: 11 }],
  metadataProps: [],
  inputs: [{ name: "input", type: "float32", shape: [1, 3, "height", null] }],
  outputs: [{ name: "output", type: "float32", shape: [1, 1, 256, 256] }],
  operators: [
    { operator: "Conv", count: 16 },
    { operator: "Relu", count: 13 },
  ],
  nodes: 29,
  parameters: 3641847,
  bytes: { model: 14_588_240, external: [{ file: "model.onnx.data", bytes: 1000 }], total: 14_589_240 },
  profile: "anomalib-0.7",
  evidence: ["The metadata holds the picture transform."],
  task: "segmentation",
  scoreSource: "map-max",
  details: {
    kind: "padim",
    layers: [{ tensor: "t", layer: "layer1", channels: 64, stride: 4 }],
    totalChannels: 448,
    channels: 14,
    channelIndices: [327, 57],
    cells: 4096,
    grid: { height: 64, width: 64 },
    memoryBank: null,
    neighbours: null,
    blur: { kernelSize: 33, sigma: 4 },
  },
  engine: { fast: true, cells: 4096, grid: { height: 64, width: 64 }, channels: 14, sigma: 4 },
  thresholds: { image: 5.832714080810547, pixel: null },
  graphThresholds: null,
  normalisation: { method: "min_max", image: { min: 0, max: 26.5 }, pixel: { min: 0, max: 26.5 } },
  preprocessing: [
    { type: "resize", width: 300, height: 256, interpolation: "linear" },
    { type: "centerCrop", width: 224, height: 224 },
    { type: "toFloat", maxValue: 255 },
    { type: "normalize", mean: [0.1, 0.2, 0.3], std: [1, 1, 1], maxPixelValue: 255 },
  ],
  graphPreprocessing: { resize: null, mean: null, std: null },
  notes: ["The batch is fixed at 2."],
};

const rowsOf = (changed: Partial<ModelFacts> = {}) =>
  Object.fromEntries(modelReport({ ...facts, ...changed }).flatMap(({ rows }) => rows));

describe("modelReport", () => {
  it("says what was recognised and why", () => {
    const [first, second] = modelReport(facts);
    expect(first?.rows[0]?.[1]).toContain("anomalib-0.7");
    expect(first?.remarks).toEqual(facts.evidence);
    expect(second?.rows[0]?.[1]).toContain("PaDiM");
    expect(second?.remarks[0]).toMatch(/^Told by/);
  });
  it("says whether the fast engine runs it, or why not", () => {
    expect(rowsOf()["Fast engine"]).toBe(
      "yes: 14 channels of 4,096 cells in our own kernels, the backbone in ONNX Runtime",
    );
    const bank = { rows: 1638, neighbours: 9, enlargement: "bilinear", upsampling: "nearest" } as const;
    const grid = { height: 28, width: 28 };
    const engine = { fast: true, cells: 784, grid, channels: 384, sigma: 4, bank } as const;
    const rows = rowsOf({ engine, details: { ...facts.details, grid: null } });
    expect(rows["Fast engine"]).toBe(
      "yes: 784 patches against a bank of 1,638 × 384 in our own kernels, the backbone in ONNX Runtime",
    );
    expect([rows.Grid, rows.Enlargement]).toEqual(["28 × 28 patches", "layers bilinear, map to the nearest"]);
    // A model file says its grid already.
    expect(rowsOf({ engine }).Grid).toBe("64 × 64 cells");
    const reason = "The fast engine needs a PaDiM or PatchCore graph; found: another method.";
    expect(rowsOf({ engine: { fast: false, reason } })["Fast engine"]).toBe(
      `no, the model runs whole in ONNX Runtime. ${reason}`,
    );
    expect(rowsOf({ profile: null })).not.toHaveProperty("Fast engine");
  });
  it("gives units with every number that has them", () => {
    const rows = rowsOf();
    expect(rows["Image threshold"]).toBe("5.832714 (raw units; anomalous from it upwards)");
    expect(rows["Pixel threshold"]).toBe("none");
    expect(rows.Range).toBe("0 to 26.5 (raw units)");
    expect(rows["Layer layer1"]).toBe("64 channels, one cell per 4 × 4 pixels");
    expect(rows["Channels kept"]).toBe("14 of 448");
    const layers = [{ tensor: "a", layer: "a", channels: 1, stride: 4 }];
    expect(rowsOf({ details: { ...facts.details, layers } })["Layer a"]).toMatch(/^1 channel, /);
    expect(rows.Blur).toBe("33 × 33, standard deviation 4 pixels");
    expect(rows.Parameters).toBe("3,641,847");
    expect(rows["Model file"]).toBe("14.6 MB");
    expect(rows["Weights in model.onnx.data"]).toBe("1,000 bytes");
    expect(rows.Input).toBe("input, float32 [1, 3, height, ?]");
    expect(rows["Before it, step 2"]).toBe("crop the middle 224 × 224 pixels");
  });
  it("words the other normalisations", () => {
    const of = (normalisation: ModelFacts["normalisation"]) => rowsOf({ normalisation });
    expect(of({ method: "none" }).Normalisation).toContain("raw");
    expect(of({ method: "in-graph" }).Normalisation).toContain("inside the graph");
    expect(of({ method: "cdf", image: { mean: 1, std: 2 }, pixels: 65536 }).Normalisation).toContain(
      "65,536",
    );
    const split = of({ method: "min_max", image: { min: 0, max: 1 }, pixel: { min: 2, max: 3 } });
    expect(split["Range of scores"]).toBe("0 to 1 (raw units)");
    expect(split["Range of maps"]).toBe("2 to 3 (raw units)");
  });
  it("words an Anomalib 2.x graph: strict comparison, thresholds inside, normalised units", () => {
    const rows = rowsOf({
      profile: "anomalib-2",
      thresholds: { image: 0.5, pixel: 0.5 },
      graphThresholds: { image: { threshold: 11, range: 30 }, pixel: null },
      normalisation: { method: "in-graph" },
    });
    expect(rows["Image threshold"]).toBe("0.5 (normalised units; anomalous above it)");
    expect(rows["In the graph, image"]).toBe("threshold 11, range 30 (raw units)");
    expect(rows).not.toHaveProperty("In the graph, pixel");
  });
  it("says so when it is no anomaly model, and shows what is known all the same", () => {
    const rows = rowsOf({ profile: null, task: null, scoreSource: null, normalisation: null });
    expect(rows.Profile).toMatch(/^none/);
    expect(rows).not.toHaveProperty("Image threshold");
    expect(rows.Nodes).toBe("29");
  });
  it("describes a memory bank", () => {
    const memoryBank = { rows: 1638, columns: 384 };
    const rows = rowsOf({ details: { ...facts.details, kind: "patchcore", memoryBank, neighbours: 9 } });
    expect(rows["Memory bank"]).toBe("1,638 patches of 384 values");
    expect(rows.Neighbours).toBe("9");
  });
});

it("says what a model of our own was trained on", () => {
  const { manifest } = smallModel();
  const own = { ...facts, profile: "blemish" as const, details: modelFileDetails(manifest) };
  const training = modelReport(own, manifest).find(({ title }) => title === "Training");
  expect(training?.rows).toContainEqual(["Pictures", "1 of good parts"]);
  expect(training?.rows).toContainEqual([
    "PaDiM, 96 × 64",
    "Gaussians of 2 channels, factors in float32, moments pooled over 3 × 3 cells, 3 × 2 cells",
  ]);
  expect(training?.rows).toContainEqual([
    "False alarms",
    "17 of 100 expected, with 95 % confidence at most 45 of 100",
  ]);
  expect(
    modelReport(own, manifest).some(
      ({ title, rows }) => title === "Decision" && rows.some(([name]) => name === "Image score"),
    ),
  ).toBe(false);
});

it("says what a model file was made from when Anomalib trained it", () => {
  const { manifest } = smallImported();
  const report = modelReport({ ...facts, details: modelFileDetails(manifest) }, manifest);
  const from = report.find(({ title }) => title === "Imported from");
  expect(from?.rows).toEqual([
    ["Export", "model.onnx, 12,345 bytes"],
    ["SHA-256", "ef".repeat(32)],
    ["Network", "float32"],
    ["PaDiM, 96 × 64", "Gaussians of 2 channels, factors in float32, 3 × 2 cells"],
  ]);
});

it("says of a fused model what both detectors are, and what went into the bank", () => {
  const { manifest } = smallModel();
  const [pass] = manifest.passes;
  const [padim] = pass!.detectors;
  const unit = { mean: 1, deviation: 0.5 };
  const bank = {
    ...padim!,
    unit,
    factor: 2,
    head: { kind: "patchcore", rows: 30, precision: "int8" } as const,
  };
  const fused: TrainedManifest = {
    ...manifest,
    passes: [{ ...pass!, detectors: [bank, { ...padim!, unit, factor: 1 }] }],
    calibration: { ...manifest.calibration, method: "five-fold" },
    training: { ...manifest.training, turned: true, options: { quality: "fast" } },
  };
  const own = { ...facts, profile: "blemish" as const, details: modelFileDetails(fused) };
  const rows = Object.fromEntries(modelReport(own, fused).flatMap((section) => section.rows));
  expect(rows.Kind).toBe("PatchCore and PaDiM on the same features, added up on the map");
  expect(rows.Quality).toBe("fast");
  expect(rows["Memory bank"]).toBe("30 patches of 2 values");
  expect(rows.Pictures).toBe("1 of good parts, turned copies in the bank");
  expect(rows["PatchCore, 96 × 64"]).toContain(
    "bank of 30 patches (int8), 2 channels, 3 × 2 cells, weight 1",
  );
  expect(rows["PaDiM, 96 × 64"]).toContain("weight 0.5");
  expect(rows.Calibration).toBe("banks refitted without each fifth, good pictures only");
});

it("names the preprocessing of every network input", () => {
  const { manifest } = smallModel();
  const [pass] = manifest.passes;
  const resize = { type: "resize", width: 32, height: 16, interpolation: "antialias" } as const;
  const twice = {
    ...manifest,
    passes: [pass!, { ...pass!, size: { width: 32, height: 16 }, preprocessing: [resize] }],
  };
  const rows = modelReport(facts, twice).flatMap((section) => section.rows);
  const before = rows.filter(([name]) => name.startsWith("Before it"));
  expect(before).toHaveLength(pass!.preprocessing.length + 1);
  expect(before.at(-1)).toEqual(["Before it at 32 × 16, step 1", "resize to 32 × 16 pixels, antialias"]);
});

it("says what comes out of a model file in the end, not what its network gives", () => {
  for (const { manifest } of [smallModel(), smallImported()]) {
    const report = modelReport({ ...facts, details: modelFileDetails(manifest) }, manifest);
    const rows = report.flatMap((section) => section.rows).filter(([name]) => name === "Output");
    const { width, height } = manifest.size;
    expect(rows).toEqual([["Output", `anomaly map of ${width} × ${height} pixels, score`]]);
  }
});
