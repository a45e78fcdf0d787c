import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sparseHead } from "../../../../tests/support/packed-heads.js";
import { sha256, smallImported, smallModel } from "../../../../tests/support/small-model.js";
import { writeVersion2 } from "../../../../tests/support/version-2.js";
import type { FactorPrecision } from "../stages/padim/packed-gaussians.js";
import { readModelFile, readModelStart, type TrainedModelFile, writeModelFile } from "./model-file.js";

/** The small model with a head of which each cell links about half of its channels. */
function sparseModel(channels: number, gridWidth: number, precision: FactorPrecision): TrainedModelFile {
  const model = smallModel();
  const size = { channels, gridWidth, gridHeight: 1, precision };
  const manifest = { ...model.manifest, head: { ...model.manifest.head, ...size } };
  return { ...model, manifest, head: sparseHead(channels, gridWidth, precision) };
}

describe("a model file of version 2", () => {
  it("is read as the same model in today's packing, whatever its zeros", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 24 }),
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom<FactorPrecision>("float32", "int16", "int8"),
        (channels, cells, precision) => {
          const model = sparseModel(channels, cells, precision);
          const back = readModelFile(writeVersion2(model), "old.blemish", sha256);
          expect(back).toEqual(model);
          expect(Buffer.compare(writeModelFile(back, sha256), writeModelFile(model, sha256))).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("says that its arrays are not those that prediction works on", () => {
    const { manifest, old } = readModelStart(writeVersion2(smallModel()), "old.blemish");
    expect([manifest, old]).toEqual([smallModel().manifest, true]);
    const imported = readModelFile(writeVersion2(smallImported()), "x", sha256);
    expect(imported.manifest).toEqual(smallImported().manifest);
  });

  it("is refused when changed, with too few factors and with factors that are not finite", () => {
    const changed = writeVersion2(smallModel());
    changed[changed.length - 1] ^= 1;
    expect(() => readModelFile(changed, "x", sha256)).toThrow(/MODEL_BROKEN/);
    const short = { type: "F32", shape: [1, 8, 8], data: new Float32Array(64) } as const;
    const few = writeVersion2(smallModel(), { "padim.factor": short });
    expect(() => readModelFile(few, "x", sha256)).toThrow(/padim\.factor of F32 \[1, 16, 8\].*MODEL_BROKEN/);
    const data = new Float32Array(128).fill(Number.NaN);
    const spoilt = writeVersion2(smallModel(), { "padim.factor": { type: "F32", shape: [1, 16, 8], data } });
    expect(() => readModelFile(spoilt, "x", sha256)).toThrow(/padim\.factor.*MODEL_BROKEN/);
  });
});
