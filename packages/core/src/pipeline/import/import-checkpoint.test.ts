import { describe, expect, it } from "vitest";
import {
  CHECKPOINT_CHANNELS,
  type SmallCheckpoint,
  smallCheckpoint,
} from "../../../../../tests/support/small-checkpoint.js";
import { sha256 } from "../../../../../tests/support/small-model.js";
import { readModelFile, writeModelFile } from "../../bundle/model-file.js";
import { readCheckpoint } from "../../checkpoint/read-checkpoint.js";
import { importCheckpoint } from "./import-checkpoint.js";

// What such models compute is compared with Anomalib's own exports in tests/contract/checkpoints.test.ts.
function imported(request: SmallCheckpoint, options: object = {}) {
  const content = smallCheckpoint(request);
  const file = { name: "model.ckpt", bytes: content.length, content };
  return importCheckpoint({
    checkpoint: readCheckpoint(content, "x"),
    file,
    subject: "x",
    sha256,
    ...options,
  });
}

describe("importCheckpoint", () => {
  it.each(["lightning", "module"] as const)("makes a model file of PaDiM 0.7 (%s)", (saved) => {
    const model = imported({ method: "padim", version: "0.7", saved }, { factors: "float32" });
    const { manifest, detectors } = model;
    expect(manifest).toMatchObject({
      origin: "anomalib",
      profile: "anomalib-0.7",
      size: { width: 32, height: 32 },
      imported: {
        file: "model.ckpt",
        description: { kind: "padim", imageThreshold: 3.5, scoreSource: "map-max" },
      },
    });
    expect(manifest.passes[0]?.detectors[0]).toMatchObject({ channels: 4, grid: { width: 8, height: 8 } });
    expect(manifest.passes[0]?.detectors[0]?.embedding.channels).toHaveLength(CHECKPOINT_CHANNELS.length);
    expect(detectors[0]?.head).toMatchObject({ kind: "padim", gaussians: { channels: 4, cells: 64 } });
    expect(readModelFile(writeModelFile(model, sha256), "x", sha256)).toEqual(model);
  });

  it("keeps what 2.x does after its raw map", () => {
    const { manifest } = imported({ method: "padim", version: "2", saved: "lightning" });
    expect(manifest.imported).toMatchObject({
      normaliser: { image: { threshold: 3.5, range: 8 }, pixel: { threshold: 2.25, range: 8 } },
      decisions: { image: 0.5, pixel: 0.75 },
      description: { imageThreshold: 0.5, pixelThreshold: 0.75, normalisation: { method: "in-graph" } },
    });
    expect(manifest.backbone.input.resizesTo).toEqual({ width: 32, height: 32 });
  });

  it("keeps the bank of PatchCore, and how its version enlarges layers", () => {
    for (const [version, enlargement] of [
      ["0.7", "nearest"],
      ["2", "bilinear"],
    ] as const) {
      const model = imported({ method: "patchcore", version, saved: "lightning" });
      const [detector] = model.manifest.passes[0]!.detectors;
      expect(detector).toMatchObject({
        head: { kind: "patchcore", rows: 20, neighbours: 5 },
        embedding: { enlargement },
      });
    }
  });

  it("both ways to save give the same model but for the file's name and hash", () => {
    const [a, b] = (["lightning", "module"] as const).map((saved) => {
      const { backbone, detectors } = imported({ method: "patchcore", version: "0.7", saved });
      return { backbone, detectors };
    });
    expect(a).toEqual(b);
  });

  it("refuses statistics that do not fit the layers, and precisions of another head", () => {
    const request = { method: "padim", version: "0.7", saved: "module" } as const;
    const content = smallCheckpoint(request);
    const checkpoint = readCheckpoint(content, "x");
    const mean = { type: "F32", shape: [4, 3], data: new Float32Array(12) } as const;
    const broken = { ...checkpoint, tensors: { ...checkpoint.tensors, "gaussian.mean": mean } };
    const file = { name: "model.pt", bytes: 1, content };
    expect(() => importCheckpoint({ checkpoint: broken, file, subject: "x", sha256 })).toThrow(
      /MODEL_BROKEN|\[4, 64\]/,
    );
    expect(() => imported(request, { bankPrecision: "int8" })).toThrow(/OPTION_VALUE/);
  });
});
