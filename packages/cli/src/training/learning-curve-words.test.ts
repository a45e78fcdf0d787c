import { describe, expect, it } from "vitest";
import { learningCurveSection } from "./learning-curve-words.js";

const curve = {
  points: [
    { pictures: 10, auroc: 0.9, interval: [0.85, 0.95] },
    { pictures: 20, auroc: 0.95, interval: [0.92, 0.98] },
  ],
  gain: 0.05,
  gainInterval: [0.01, 0.09],
  verdict: "helps",
  held: 10,
  defects: 20,
} as const;

describe("learningCurveSection", () => {
  it("shows each training and the gain of the last step", () => {
    const { rows, remarks } = learningCurveSection(curve);
    expect(rows).toEqual([
      ["10 pictures", "AUROC 0.900 (0.850 to 0.950)"],
      ["20 pictures", "AUROC 0.950 (0.920 to 0.980)"],
      ["Gain of the last step", "+0.050 (+0.010 to +0.090, 95 %)"],
    ]);
    expect(remarks[0]).toContain("10 good pictures");
    expect(remarks[1]).toContain("still help");
  });

  it("says so when they do not help, or when nobody knows", () => {
    const worse = { ...curve, gain: -0.001, gainInterval: [-0.003, 0.001] } as const;
    const { rows, remarks } = learningCurveSection({ ...worse, verdict: "enough" });
    expect(rows[2]![1]).toBe("−0.001 (−0.003 to +0.001, 95 %)");
    expect(remarks[1]).toContain("hardly");
    expect(learningCurveSection({ ...worse, verdict: "open" }).remarks[1]).toContain("do not tell");
  });
});
