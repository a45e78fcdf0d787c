import { describe, expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { detectorRows } from "./detector-words.js";

const [pass] = smallModel().manifest.passes;
const [padim] = pass!.detectors;

describe("detectorRows", () => {
  it("says what judges on which input", () =>
    expect(detectorRows({ passes: [pass!] })).toEqual([
      [
        "PaDiM, 96 × 64",
        "Gaussians of 2 channels, factors in float32, moments pooled over 3 × 3 cells, 3 × 2 cells",
      ],
    ]));

  it("gives a row for each detector, and its weight where several judge together", () => {
    const bank = {
      ...padim!,
      channels: 152,
      factor: 4,
      unit: { mean: 1, deviation: 0.25 },
      head: { kind: "patchcore", rows: 2048, precision: "int8" } as const,
    };
    const projected = { ...padim!, embedding: { ...padim!.embedding, projectionRows: 2 } };
    const rows = detectorRows({ passes: [{ ...pass!, detectors: [bank, projected] }] });
    expect(rows[0]).toEqual([
      "PatchCore, 96 × 64",
      "bank of 2,048 patches (int8), 152 channels, 3 × 2 cells, weight 1 (deviation 0.25)",
    ]);
    expect(rows[1]?.[1]).toContain("2 channels (projected)");
  });
});
