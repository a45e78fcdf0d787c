import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fuzzRuns } from "../../../../tests/support/fuzz.js";
import { sha256, smallModel } from "../../../../tests/support/small-model.js";
import { BlemishError } from "../errors.js";
import { looksLikeModelFile, readModelFile, writeModelFile } from "./model-file.js";
import { writeSafeTensors } from "./safetensors.js";

describe("a model file", () => {
  const file = writeModelFile(smallModel(), sha256);

  it("reads back what was written", () => {
    expect(readModelFile(file, "part.blemish", sha256)).toEqual(smallModel());
    const statistics = {
      pilot: new Float64Array(128),
      sum: new Float64Array(128).fill(2),
      scatter: new Float64Array(192),
    };
    const rich = { ...smallModel(), statistics };
    expect(readModelFile(writeModelFile(rich, sha256), "x", sha256)).toEqual(rich);
  });

  it("carries its projection", () => {
    const model = smallModel();
    const embedding = { ...model.manifest.embedding, projectionRows: 2 };
    const projected = {
      ...model,
      manifest: { ...model.manifest, embedding },
      projection: Float32Array.of(1, 2, 3, 4, 5, 6),
    };
    expect(readModelFile(writeModelFile(projected, sha256), "x", sha256).projection).toEqual(
      projected.projection,
    );
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
    const later = writeModelFile({ ...model, manifest: { ...model.manifest, version: 2 } }, sha256);
    expect(() => readModelFile(later, "part.blemish", sha256)).toThrow(/MODEL_VERSION/);
  });

  it("is told from other safetensors files", () => {
    const other = writeSafeTensors({ metadata: {}, arrays: {} });
    expect(() => readModelFile(other, "weights.safetensors", sha256)).toThrow(/MODEL_FORMAT/);
    expect(looksLikeModelFile(file)).toBe(true);
    expect(looksLikeModelFile(Uint8Array.of(8, 6, 18, 0, 0, 0, 0, 0, 9))).toBe(false);
  });
});
