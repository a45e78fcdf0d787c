/** A small trained model for tests: 2 channels on a 3 × 2 grid, numbers made by a formula. */
import { createHash } from "node:crypto";
import type { ModelFile, Sha256 } from "../../packages/core/src/bundle/model-file.js";

/** SHA-256 as the Node shell computes it. */
export const sha256: Sha256 = (parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
};

/** The model; every call gives equal content. */
export function smallModel(): ModelFile {
  const ramp = (length: number) => Float32Array.from({ length }, (_, i) => 1 + i / 7);
  return {
    manifest: {
      format: "blemish-model",
      version: 1,
      profile: "blemish",
      task: "segmentation",
      backbone: {
        id: "tiny",
        model: "model.onnx",
        sha256: "ab".repeat(32),
        input: {
          name: "x",
          multipleOf: 32,
          colour: "rgb",
          mean: [127, 127, 127],
          std: [128, 128, 128],
          resize: "antialias",
        },
        taps: [{ name: "s3", channels: 2, stride: 16, scale: 24.5 }],
        licence: "Apache-2.0",
        source: "made for this test",
      },
      size: { width: 96, height: 64 },
      preprocessing: [{ type: "resize", width: 96, height: 64, interpolation: "antialias" }],
      embedding: { grid: "coarsest", scales: [24.5], channels: null, projectionRows: 0 },
      head: { kind: "padim", channels: 2, gridWidth: 3, gridHeight: 2, count: 5, pool: 3, ridge: 0.25 },
      map: { sigma: 4, score: "top1%", ignoreBorder: 0 },
      calibration: {
        method: "leave-one-out",
        imageThreshold: 3.5,
        pixelThreshold: 4.5,
        askedRate: 0.05,
        expectedRate: 1 / 6,
        guaranteedRate: 0.45,
        reached: false,
        imageRange: { min: 0, max: 7 },
        pixelRange: { min: 0, max: 9 },
        changes: [],
      },
      training: { seed: 0, files: [{ path: "good/000.png", sha256: "cd".repeat(32) }] },
      parity: [{ seed: 1, rawScore: 2.25, rawMap: [1, 2] }],
    },
    backbone: Uint8Array.from({ length: 77 }, (_, i) => i),
    mean: ramp(2 * 64),
    factor: ramp(3 * 64),
    projection: null,
    scores: Float64Array.of(1, 2, 3, 3.25, 3.5),
    statistics: null,
  };
}
