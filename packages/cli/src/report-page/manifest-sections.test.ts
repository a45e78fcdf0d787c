import type { TrainedManifest } from "@blemish/core";
import { expect, it } from "vitest";
import { manifestSections } from "./manifest-sections.js";

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
  preprocessing: [],
  embedding: { grid: "coarsest", scales: [1, 1], channels: null, projectionRows: 0 },
  head: { kind: "padim", channels: 152, gridWidth: 16, gridHeight: 12, precision: "int16" },
  fit: { count: 1209, pool: 1, ridge: 0.4 },
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
  training: { seed: 42, files: [{ path: "a.png", sha256: "c".repeat(64) }] },
  parity: [],
};

it("puts a manifest into rows, with both hashes and the exact thresholds", () => {
  const sections = manifestSections(manifest, { bytes: 2_345_678, sha256: "a".repeat(64), version: "0.1.0" });
  const rows = new Map(
    sections.flatMap(({ title, rows }) => rows.map(([name, value]) => [`${title}/${name}`, value])),
  );
  expect(sections.map(({ title }) => title)).toEqual(["Method", "Decision", "Backbone", "File"]);
  expect(Object.fromEntries(rows)).toMatchObject({
    "Method/Input": "256 × 192 pixels",
    "Method/Grid": "16 × 12 cells",
    "Method/Channels": "152 (all)",
    "Method/Good pictures": "1,209",
    "Method/Image score": "mean of the highest 1 % of the map",
    "Method/Border ignored": "3 pixels of the map",
    "Decision/Image threshold": "14.700644 (raw)",
    "Decision/Asked false-alarm rate": "5 of 100",
    "Backbone/Computes with": "float32",
    "Backbone/SHA-256": "b".repeat(64),
    "Backbone/Taps": "s3 (40 channels, stride 8), s5 (112 channels, stride 16)",
    "File/SHA-256": "a".repeat(64),
    "File/Size": "2.3 MB",
    "File/Seed": "42",
  });
});

it("tells chosen and projected channels", () => {
  const channels = (change: Partial<TrainedManifest["embedding"]>) =>
    manifestSections(
      { ...manifest, embedding: { ...manifest.embedding, ...change } },
      { bytes: 1, sha256: "", version: "" },
    )[0]?.rows.find(([name]) => name === "Channels")?.[1];
  expect(channels({ channels: [1, 2] })).toBe("152 (chosen)");
  expect(channels({ projectionRows: 152 })).toBe("152 (projected)");
});
