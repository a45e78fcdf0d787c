import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fuzzRuns } from "../../../../tests/support/fuzz.js";
import { smallFusion } from "../../../../tests/support/small-fusion.js";
import { sha256, smallImported, smallModel } from "../../../../tests/support/small-model.js";
import { BlemishError } from "../errors.js";
import { packGaussians } from "../stages/padim/pack-gaussians.js";
import type { FactorPrecision, PackedGaussians } from "../stages/padim/packed-gaussians.js";
import type { PatchBank } from "../stages/patchcore/patch-bank.js";
import { type DetectorManifest, FORMAT_VERSION, type PadimManifest, type PassManifest } from "./manifest.js";
import {
  looksLikeModelFile,
  type ModelFile,
  readModelFile,
  readModelStart,
  type StoredDetector,
  type StoredHead,
  type TrainedModelFile,
  writeModelFile,
} from "./model-file.js";
import { headerEnd, writeSafeTensors } from "./safetensors.js";
import type { StoredPadim, StoredPatchcore } from "./stored-detectors.js";

describe("a model file", () => {
  const file = writeModelFile(smallModel(), sha256);

  it("reads back what was written", () => {
    expect(readModelFile(file, "part.blemish", sha256)).toEqual(smallModel());
    const statistics = {
      pilot: new Float64Array(128),
      sum: new Float64Array(128).fill(2),
      scatter: new Float64Array(192),
    };
    const [{ projection, head }] = smallModel().detectors as [StoredDetector];
    const detectors = [{ projection, head: { ...head, statistics } as StoredHead }];
    const rich = { ...smallModel(), detectors };
    expect(readModelFile(writeModelFile(rich, sha256), "x", sha256)).toEqual(rich);
  });

  it.each([
    { bank: "int8", twoInputs: false },
    { bank: "float32", twoInputs: false },
    { bank: "int8", twoInputs: true },
    { bank: "float32", twoInputs: true },
  ] as const)("reads back memory banks beside Gaussians: %j", (kind) => {
    const model = smallFusion(kind);
    const bytes = writeModelFile(model, sha256);
    const back = readModelFile(bytes, "fusion.blemish", sha256);
    expect(back).toEqual(model);
    expect(Buffer.compare(writeModelFile(back, sha256), bytes)).toBe(0);
  });

  it.each([
    ["rows", (bank: PatchBank) => bank.data.fill(Number.NaN)],
    ["norms", (bank: PatchBank) => bank.norms.fill(Number.NaN)],
    ["picture", (bank: PatchBank) => bank.picture.reverse()],
    ["cell", (bank: PatchBank) => bank.cell.fill(24)],
  ])("is refused with a broken bank.%s, whatever its hash says", (name, damage) => {
    const model = smallFusion({ bank: "float32" });
    damage((model.detectors[0]!.head as StoredPatchcore).bank);
    const bytes = writeModelFile(model, sha256);
    expect(() => readModelFile(bytes, "bad", sha256)).toThrow(
      new RegExp(`bad.*bank\\.${name}.*MODEL_BROKEN`),
    );
  });

  it.each(["float32", "int16", "int8"] as const)(
    "keeps %s factors of odd grids as they are, of 1 to 448 channels",
    (factors) => {
      for (const [channels, gridWidth, gridHeight] of [
        [1, 1, 1],
        [5, 3, 3],
        [448, 3, 1],
      ] as const) {
        const model = modelWith(channels, gridWidth, gridHeight, factors);
        const bytes = writeModelFile(model, sha256);
        const back = readModelFile(bytes, "x", sha256);
        expect(gaussiansOf(back).factor.constructor).toBe(gaussiansOf(model).factor.constructor);
        expect(Buffer.compare(writeModelFile(back, sha256), bytes)).toBe(0);
      }
    },
  );

  it("reads back a model that was imported, its cdf arrays included", () => {
    const model = smallImported();
    expect(readModelFile(writeModelFile(model, sha256), "x", sha256)).toEqual(model);
    const cdf = { mean: new Float32Array(96 * 64).fill(1), std: new Float32Array(96 * 64).fill(2) };
    const empty = { mean: new Float32Array(0), std: new Float32Array(0) };
    const normalisation = { method: "cdf" as const, image: { mean: 1, std: 2 }, pixel: empty };
    const description = { ...model.manifest.imported.description, normalisation };
    const manifest = { ...model.manifest, imported: { ...model.manifest.imported, description } };
    const rich = { ...model, manifest, cdf };
    expect(readModelFile(writeModelFile(rich, sha256), "x", sha256)).toEqual(rich);
    const bare = writeModelFile({ ...rich, cdf: null }, sha256);
    expect(() => readModelFile(bare, "x", sha256)).toThrow(/array cdf\.mean.*MODEL_BROKEN/);
  });

  it("is written to shared memory and read in place, without a second check where that was done", () => {
    const memory = new SharedArrayBuffer(file.length + 64);
    const there = writeModelFile(smallModel(), sha256, (bytes) => new Uint8Array(memory, 64, bytes));
    const back = readModelFile(there, "part.blemish", null);
    expect(back).toEqual(smallModel());
    expect(gaussiansOf(back).factor.buffer).toBe(memory);
  });

  it("carries no hash where it stays in memory, and is refused where one is asked for", () => {
    const unhashed = writeModelFile(smallModel(), null);
    expect(readModelFile(unhashed, "part.blemish", null)).toEqual(smallModel());
    expect(() => readModelFile(unhashed, "part.blemish", sha256)).toThrow(/its hash.*MODEL_BROKEN/);
  });

  it("tells its manifest before the arrays are there", () => {
    const { manifest, old } = readModelStart(file.subarray(0, headerEnd(file)), "x");
    expect([manifest, old]).toEqual([smallModel().manifest, false]);
  });

  it.each([
    ["factors of another type", { precision: "int16" as const }, /padim\.factor of I16/],
    ["too few means", { mean: new Float32Array(8) }, /padim\.mean|MODEL_BROKEN/],
    ["too few factors", { factor: new Float32Array(8) }, /MODEL_BROKEN/],
    ["a mean that is no number", { mean: new Float32Array(16).fill(Number.NaN) }, /padim\.mean/],
    [
      "a factor that is not finite",
      { factor: new Float32Array(128).fill(Number.POSITIVE_INFINITY) },
      /padim\.factor/,
    ],
  ])("is refused with %s, whatever its hash says", (_, change, message) => {
    const { precision = "float32", ...arrays } = { ...change } as Partial<PackedGaussians>;
    const model = smallModel();
    // The manifest says the precision; the arrays are still of float32.
    const changed = withPadim(model, { precision }, { ...gaussiansOf(model), ...arrays });
    const bytes = writeModelFile(changed, sha256);
    expect(() => readModelFile(bytes, "bad", sha256)).toThrow(message);
    expect(() => readModelFile(bytes, "bad", sha256)).toThrow(/MODEL_BROKEN/);
  });

  it("is refused with scales that are not above 0, or without any", () => {
    const model = modelWith(5, 3, 3, "int16");
    const gaussians = gaussiansOf(model);
    const zero = withPadim(model, {}, { ...gaussians, scale: gaussians.scale!.map(() => 0) });
    expect(() => readModelFile(writeModelFile(zero, sha256), "bad", sha256)).toThrow(
      /padim\.scale.*MODEL_BROKEN/,
    );
    const none = withPadim(model, {}, { ...gaussians, scale: null });
    expect(() => readModelFile(writeModelFile(none, sha256), "bad", sha256)).toThrow(
      /padim\.scale.*MODEL_BROKEN/,
    );
  });

  it("carries its projection", () => {
    const model = smallModel();
    const [pass] = model.manifest.passes as [PassManifest];
    const [detector] = pass.detectors as [DetectorManifest];
    const embedding = { ...detector.embedding, projectionRows: 2 };
    const passes = [{ ...pass, detectors: [{ ...detector, embedding }] }];
    const [{ head }] = model.detectors as [StoredDetector];
    const projected = {
      ...model,
      manifest: { ...model.manifest, passes },
      detectors: [{ head, projection: Float32Array.of(1, 2, 3, 4, 5, 6) }],
    };
    expect(readModelFile(writeModelFile(projected, sha256), "x", sha256)).toEqual(projected);
  });

  it("keeps the peaks of training pictures where there are some, one for each score", () => {
    const peaks = Float64Array.of(2, 3, 4, 5, 6);
    const kept = { ...smallModel(), peaks };
    expect(readModelFile(writeModelFile(kept, sha256), "x", sha256)).toEqual(kept);
    expect(readModelFile(file, "x", sha256).peaks).toBeUndefined();
    const fewer = writeModelFile({ ...kept, peaks: peaks.subarray(1) }, sha256);
    expect(() => readModelFile(fewer, "x", sha256)).toThrow(/calibration\.peaks.*MODEL_BROKEN/);
  });

  it("is the same bytes for the same model", () =>
    expect(writeModelFile(smallModel(), sha256)).toEqual(file));

  it("is refused when cut off at any byte", () => {
    for (let length = 0; length < file.length; length++)
      expect(() => readModelFile(file.subarray(0, length), "cut", sha256), String(length)).toThrow(
        BlemishError,
      );
  });

  it("is refused, or unchanged in content, when any bits flip", () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const changed = file.slice();
        changed[at] = (changed[at] as number) ^ bits;
        try {
          expect(readModelFile(changed, "changed", sha256)).toEqual(smallModel());
        } catch (error) {
          expect(error).toBeInstanceOf(BlemishError);
        }
      }),
      { numRuns: fuzzRuns(3000) },
    );
  });

  it("of a later version says so", () => {
    const model = smallModel();
    const manifest = { ...model.manifest, version: FORMAT_VERSION + 1 };
    const later = writeModelFile({ ...model, manifest }, sha256);
    expect(() => readModelFile(later, "part.blemish", sha256)).toThrow(/MODEL_VERSION/);
  });

  it("is told from other safetensors files", () => {
    const other = writeSafeTensors({ metadata: {}, arrays: {} });
    expect(() => readModelFile(other, "weights.safetensors", sha256)).toThrow(/MODEL_FORMAT/);
    expect(looksLikeModelFile(file)).toBe(true);
    expect(looksLikeModelFile(Uint8Array.of(8, 6, 18, 0, 0, 0, 0, 0, 9))).toBe(false);
  });
});

/** The small model with another head: every factor is a triangle of numbers made by a formula. */
function modelWith(
  channels: number,
  gridWidth: number,
  gridHeight: number,
  precision: FactorPrecision,
): TrainedModelFile {
  const model = smallModel();
  const cells = gridWidth * gridHeight;
  const ramp = (rows: number) =>
    Float64Array.from({ length: Math.ceil(cells / 64) * rows * 64 }, (_, i) => 1 + (i % 97) / 7);
  const gaussians = { channels, cells, mean: ramp(channels), factor: ramp((channels * (channels + 1)) / 2) };
  const grid = { width: gridWidth, height: gridHeight };
  return withPadim(model, { channels, grid, precision }, packGaussians(gaussians, precision));
}

/** The model with other Gaussians, and what its manifest says of them. */
function withPadim(
  model: TrainedModelFile,
  { precision, ...change }: Partial<Pick<DetectorManifest, "channels" | "grid"> & PadimManifest>,
  gaussians: PackedGaussians,
): TrainedModelFile {
  const [pass] = model.manifest.passes as [PassManifest];
  const [detector] = pass.detectors as [DetectorManifest & { head: PadimManifest }];
  const head = { ...detector.head, precision: precision ?? detector.head.precision };
  const passes = [{ ...pass, detectors: [{ ...detector, ...change, head }] }];
  const [stored] = model.detectors as [StoredDetector];
  return {
    ...model,
    manifest: { ...model.manifest, passes },
    detectors: [{ ...stored, head: { ...stored.head, gaussians } as StoredHead }],
  };
}

/** The Gaussians of a model with one detector. */
function gaussiansOf({ detectors }: ModelFile): PackedGaussians {
  expect(detectors).toHaveLength(1);
  return (detectors[0]!.head as StoredPadim).gaussians;
}
