import { describe, expect, it } from "vitest";
import { smallImported } from "../../../../tests/support/small-model.js";
import { normaliseAsGraph } from "../stages/detector/normalise-as-graph.js";
import type { ImportedModelFile } from "./model-file.js";
import { rawModel } from "./raw-model.js";

const normaliser = { image: { threshold: 6, range: 8 }, pixel: { threshold: 3, range: 4 } };

function normalising(decisions: { image: number; pixel: number | null }): ImportedModelFile {
  const model = smallImported();
  const imported = { ...model.manifest.imported, normaliser, decisions };
  return { ...model, manifest: { ...model.manifest, imported } };
}

describe("a model in raw units", () => {
  it("decides as the graph does, at scores that the graph cuts off too", () => {
    for (const decisions of [
      { image: 0.5, pixel: 0.5 },
      { image: 0.75, pixel: null },
    ]) {
      const { imported } = rawModel(normalising(decisions)).manifest;
      expect(imported).toMatchObject({ normaliser: null, decisions: null });
      expect(imported.description.normalisation).toEqual({ method: "none" });
      expect(imported.description.pixelThreshold).toBe(decisions.pixel === null ? null : 3);
      const map = { width: 1, height: 1, data: Float32Array.of(0) };
      for (const score of [0, 5.9, 6.1, 7.9, 8.1, 500])
        expect(score > (imported.description.imageThreshold ?? 0)).toBe(
          normaliseAsGraph({ map, score }, normaliser, decisions).label,
        );
    }
  });

  it("is the model itself where nothing was normalised", () => {
    const model = smallImported();
    const plain = { ...model.manifest.imported, normaliser: null, decisions: null };
    const same = { ...model, manifest: { ...model.manifest, imported: plain } };
    expect(rawModel(same)).toBe(same);
  });
});
