import type { DetectorManifest, TrainedManifest } from "@blemish/core";
import { expect, it } from "vitest";
import { manifestSections } from "./manifest-sections.js";

const padim: DetectorManifest = {
  embedding: { grid: "coarsest", neighbourhood: 1, scales: [1, 1], channels: null, projectionRows: 0 },
  channels: 152,
  grid: { width: 16, height: 12 },
  factor: 1,
  unit: null,
  head: { kind: "padim", precision: "int16", fit: { count: 1209, pool: 1, ridge: 0.4 } },
};

const manifest: TrainedManifest = {
  format: "blemish-model",
  version: 3,
  origin: "blemish",
  profile: "blemish",
  task: "segmentation",
  backbone: {
    id: "efficientnet-lite0",
    model: "model.onnx",
    sha256: "b".repeat(64),
    input: { name: "x", multipleOf: 32, colour: "rgb", mean: [0], std: [1], resize: "antialias" },
    taps: [
      { name: "s3", channels: 40, stride: 8, scale: 1 },
      { name: "s5", channels: 112, stride: 16, scale: 1 },
    ],
    licence: "Apache-2.0",
    source: "somewhere",
  },
  size: { width: 256, height: 192 },
  passes: [{ size: { width: 256, height: 192 }, preprocessing: [], detectors: [padim] }],
  map: { sigma: 4, score: "top1%", ignoreBorder: 3 },
  calibration: {
    method: "leave-one-out",
    imageThreshold: 14.700644,
    pixelThreshold: 21,
    askedRate: 0.05,
    expectedRate: 0.05,
    guaranteedRate: 0.08,
    reached: true,
    imageRange: { min: 5, max: 40 },
    pixelRange: { min: 1, max: 60 },
    changes: [],
  },
  training: {
    seed: 42,
    count: 1209,
    turned: false,
    options: { head: "padim", size: 256 },
    files: [{ path: "a.png", sha256: "c".repeat(64) }],
  },
  parity: [],
};

/** All rows by "section/name". */
function rowsOf(one: TrainedManifest): Record<string, string> {
  const sections = manifestSections(one, { bytes: 2_345_678, sha256: "a".repeat(64), version: "0.1.0" });
  expect(sections.map(({ title }) => title)).toEqual(["Method", "Decision", "Backbone", "File"]);
  return Object.fromEntries(
    sections.flatMap(({ title, rows }) => rows.map(([name, value]) => [`${title}/${name}`, value])),
  );
}

it("puts a manifest into rows, with both hashes and the exact thresholds", () => {
  const rows = rowsOf(manifest);
  expect(rows).toMatchObject({
    "Method/Kind": "PaDiM: Gaussians of features",
    "Method/Quality": "none: its input sizes were chosen",
    "Method/PaDiM, 256 × 192": "Gaussians of 152 channels, factors in int16, 16 × 12 cells",
    "Method/Map": "256 × 192 pixels",
    "Method/Ridge": "0.4",
    "Method/Good pictures": "1,209",
    "Method/Image score": "mean of the highest 1 % of the map",
    "Method/Border ignored": "3 pixels of the map",
    "Decision/Image threshold": "14.700644 (raw)",
    "Decision/Found by": "leave-one-out scores of good pictures",
    "Decision/Asked false-alarm rate": "5 of 100",
    "Backbone/Computes with": "float32",
    "Backbone/SHA-256": "b".repeat(64),
    "Backbone/Taps": "s3 (40 channels, stride 8), s5 (112 channels, stride 16)",
    "File/SHA-256": "a".repeat(64),
    "File/Size": "2.3 MB",
    "File/Format version": "3",
    "File/Seed": "42",
  });
  expect(rows).not.toHaveProperty(["Method/Turned copies"]);
});

it("tells chosen and projected channels", () => {
  const channels = (change: Partial<DetectorManifest["embedding"]>) => {
    const detectors = [{ ...padim, embedding: { ...padim.embedding, ...change } }];
    const passes = manifest.passes.map((pass) => ({ ...pass, detectors }));
    return rowsOf({ ...manifest, passes })["Method/PaDiM, 256 × 192"];
  };
  expect(channels({ channels: [1, 2] })).toContain("152 channels (chosen)");
  expect(channels({ projectionRows: 152 })).toContain("152 channels (projected)");
});

it("gives each detector of a fused model its row, and says where turned copies and refits took part", () => {
  const unit = { mean: 2, deviation: 0.5 };
  const bank: DetectorManifest = {
    ...padim,
    factor: 2,
    unit,
    head: { kind: "patchcore", rows: 2048, precision: "int8" },
  };
  const small = { ...padim, factor: 1, unit };
  const [first] = manifest.passes;
  const rows = rowsOf({
    ...manifest,
    passes: [
      { ...first!, size: { width: 512, height: 512 }, detectors: [bank] },
      { ...first!, size: { width: 256, height: 256 }, detectors: [bank, small] },
    ],
    calibration: { ...manifest.calibration, method: "five-fold" },
    training: { ...manifest.training, turned: true, options: { quality: "accurate" } },
  });
  expect(rows).toMatchObject({
    "Method/Kind": "PatchCore and PaDiM, added up on the map",
    "Method/Quality": "accurate",
    "Method/Turned copies": "mirrored and slightly rotated pictures are in the bank",
    "Decision/Found by": "scores of good pictures by banks refitted without them (five-fold)",
  });
  expect(rows["Method/PatchCore, 512 × 512"]).toContain("bank of 2,048 patches (int8), 152 channels");
  expect(rows["Method/PatchCore, 256 × 256"]).toContain("weight 1 (deviation 0.5)");
  expect(rows["Method/PaDiM, 256 × 256"]).toContain("weight 0.5 (deviation 0.5)");
});
