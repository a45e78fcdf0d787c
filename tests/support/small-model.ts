/** A small trained model for tests: 2 channels on a 3 × 2 grid, numbers made by a formula. */
import { createHash } from "node:crypto";
import type { DetectorManifest, PassManifest } from "../../packages/core/src/bundle/manifest.js";
import type {
  ImportedModelFile,
  Sha256,
  StoredDetector,
  StoredHead,
  TrainedModelFile,
} from "../../packages/core/src/bundle/model-file.js";

/** SHA-256 as the Node shell computes it. */
export const sha256: Sha256 = (parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
};

/** The model; every call gives equal content. */
export function smallModel(): TrainedModelFile {
  const fit = { count: 5, pool: 3, ridge: 0.25 } as const;
  const ramp = (length: number) => Float32Array.from({ length }, (_, i) => 1 + i / 7);
  return {
    manifest: {
      format: "blemish-model",
      version: 3,
      origin: "blemish",
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
      passes: [
        {
          size: { width: 96, height: 64 },
          preprocessing: [{ type: "resize", width: 96, height: 64, interpolation: "antialias" }],
          detectors: [
            {
              embedding: {
                grid: "coarsest",
                neighbourhood: 1,
                scales: [24.5],
                channels: null,
                projectionRows: 0,
              },
              channels: 2,
              grid: { width: 3, height: 2 },
              factor: 1,
              unit: null,
              head: { kind: "padim", precision: "float32", fit },
            },
          ],
        },
      ],
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
      training: {
        seed: 0,
        count: 5,
        turned: false,
        options: { size: 96, head: "padim" },
        files: [{ path: "good/000.png", sha256: "cd".repeat(32) }],
      },
      parity: [{ seed: 1, rawScore: 2.25, rawMap: [1, 2] }],
    },
    backbone: Uint8Array.from({ length: 77 }, (_, i) => i),
    detectors: [
      {
        projection: null,
        head: {
          kind: "padim",
          gaussians: {
            channels: 2,
            cells: 6,
            precision: "float32",
            mean: ramp(2 * 8),
            linkedGroups: Int16Array.of(1),
            order: new Int16Array(0),
            factor: lowerTriangles(),
            scale: null,
          },
          fit,
          statistics: null,
        },
      },
    ],
    scores: Float64Array.of(1, 2, 3, 3.25, 3.5),
    cdf: null,
  };
}

/** The same as a model that came from Anomalib, normalised by minimum and maximum. */
export function smallImported(): ImportedModelFile {
  const { manifest, detectors, ...arrays } = smallModel();
  const { calibration, passes, training: _training, profile: _profile, ...common } = manifest;
  const [pass] = passes as [PassManifest];
  const [detector] = pass.detectors as [DetectorManifest];
  const [stored] = detectors as [StoredDetector];
  const imported = { kind: "padim", precision: "float32", fit: null } as const;
  return {
    ...arrays,
    detectors: [{ ...stored, head: { ...stored.head, fit: null } as StoredHead }],
    scores: null,
    manifest: {
      ...common,
      passes: [{ ...pass, detectors: [{ ...detector, head: imported }] }],
      origin: "anomalib",
      profile: "anomalib-0.7",
      imported: {
        file: "model.onnx",
        bytes: 12_345,
        sha256: "ef".repeat(32),
        description: {
          profile: "anomalib-0.7",
          evidence: ["The metadata has no version."],
          kind: "padim",
          task: manifest.task,
          input: { name: "input", height: 64, width: 96, batch: 1 },
          outputs: { map: "output", score: null, label: null, mask: null },
          scoreSource: "map-max",
          preprocessing: pass.preprocessing,
          imageThreshold: calibration.imageThreshold,
          pixelThreshold: calibration.pixelThreshold,
          normalisation: {
            method: "min_max",
            image: calibration.imageRange,
            pixel: calibration.pixelRange,
          },
          notes: [],
        },
        normaliser: null,
        decisions: null,
      },
    },
  };
}

/** Packed factors of 2 channels on 6 cells: numbers on and left of the diagonal, 0 in the padding. */
function lowerTriangles(): Float32Array<ArrayBuffer> {
  const factor = new Float32Array(16 * 8);
  for (const [row, column] of [
    [0, 0],
    [1, 0],
    [1, 1],
  ] as const)
    for (let cell = 0; cell < 6; cell++) {
      const at = (4 * column + row) * 8 + cell;
      factor[at] = 1 + at / 7;
    }
  return factor;
}
