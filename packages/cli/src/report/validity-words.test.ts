import type { TrainedManifest } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { validityLines, validityRows } from "./validity-words.js";

const manifest: Pick<TrainedManifest, "validity" | "alignment"> = {
  validity: {
    pictures: 60,
    rules: [
      { rule: "brightness", low: 96, high: 131, good: { low: 108, high: 120 }, outside: 1 },
      { rule: "size", low: 450, high: null, good: { low: 900, high: 900 } },
      { rule: "black", low: null, high: 0.15, good: { low: 0, high: 0.01 } },
    ],
    notLearnt: [
      { rule: "likeness", reason: "Textures." },
      { rule: "place", reason: "Textures." },
    ],
  },
  alignment: {
    mode: "rigid",
    pictures: 60,
    least: 0.7,
    good: { lowest: 0.91, median: 0.97, shift: 0.083, degrees: 6.2 },
  },
};

describe("validityRows", () => {
  it("says each limit beside what the good pictures have", () => {
    expect(validityRows(manifest)).toEqual([
      ["Judged if: mean brightness", "96 to 131 (good pictures: 108 to 120; 1 good picture outside)"],
      ["Judged if: longer side, pixels", "from 450 (good pictures: 900)"],
      ["Judged if: share of black pixels", "up to 0.15 (good pictures: 0 to 0.01)"],
      ["No rule for likeness, place", "Textures."],
      [
        "Aligned",
        "rigid, to the mean of 60 good pictures; they lay at most 8.3 % of a side away, turned by at most 6.2°",
      ],
      ["Judged if aligned", "with a confidence from 0.7 (good pictures: from 0.91, median 0.97)"],
    ]);
  });

  it("has none for a model without", () => {
    expect(validityRows({})).toEqual([]);
    expect(validityLines({})).toEqual([]);
  });
});

describe("validityLines", () => {
  it("says what was learnt and which pictures to look at", () => {
    expect(validityLines(manifest).join("\n")).toMatch(
      /not judged \(3 rules.*1 training picture would not be judged by the rule brightness.*aligned first \(rigid\)/s,
    );
  });
});
