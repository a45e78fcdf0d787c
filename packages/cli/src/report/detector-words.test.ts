import { describe, expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { detectorRows, scoreWords } from "./detector-words.js";

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

describe("scoreWords", () => {
  const wordsFor = (head: object, score: "max" | "top1%") => {
    const detectors = [
      { ...padim!, head: { kind: "patchcore", rows: 9, precision: "int8", ...head } as const },
    ];
    return scoreWords({
      passes: [{ ...pass!, detectors }],
      map: { sigma: 4, score, ignoreBorder: 0 },
    });
  };

  it("says what the image score is", () => {
    expect(wordsFor({}, "max")).toBe("highest value of the map");
    expect(wordsFor({}, "top1%")).toBe("mean of the highest 1 % of the map");
    expect(wordsFor({ neighbours: 9 }, "max")).toMatch(/farthest patch, weighed by its neighbours/);
    expect(wordsFor({ neighbours: 1 }, "max")).toBe("distance of the farthest patch");
  });

  it("is said of the bank, too", () => {
    const head = { kind: "patchcore", rows: 9, precision: "float32", neighbours: 9 } as const;
    const [[, words]] = detectorRows({ passes: [{ ...pass!, detectors: [{ ...padim!, head }] }] }) as [
      [string, string],
    ];
    expect(words).toContain("score by the farthest patch and 9 neighbours");
  });
});
