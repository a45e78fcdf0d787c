import { describe, expect, it } from "vitest";
import { evaluator, type LabelledPicture } from "./evaluate.js";

const flat = (value: number, width = 8, height = 8) => ({
  width,
  height,
  data: new Float32Array(width * height).fill(value),
});
const mask = (pixels: number[]) => ({
  width: 8,
  height: 8,
  channels: 1 as const,
  data: Uint8Array.from({ length: 64 }, (_, i) => Number(pixels.includes(i))),
});
const picture = (
  label: "good" | "anomalous",
  score: number,
  more: Partial<LabelledPicture> = {},
): LabelledPicture => ({
  path: `${score}.png`,
  label,
  defect: label === "good" ? "" : "dent",
  score,
  predLabel: score >= 5,
  map: flat(score / 10),
  mask: null,
  ...more,
});

describe("evaluator", () => {
  it("counts false alarms and escapes at the model's threshold, per defect", () => {
    const evaluation = evaluator(5);
    for (const score of [1, 2, 3, 6]) evaluation.add(picture("good", score));
    for (const score of [4, 7, 8]) evaluation.add(picture("anomalous", score));
    evaluation.add(picture("anomalous", 9, { defect: "scratch" }));
    const figures = evaluation.figures();
    expect(figures).toMatchObject({
      good: 4,
      anomalous: 4,
      falseAlarms: 1,
      falseAlarmRate: 0.25,
      escapes: 1,
      escapeRate: 0.25,
    });
    expect(figures.imageAUROC).toBeCloseTo(15 / 16, 12);
    expect(figures.imageF1).toBeCloseTo(0.75, 12);
    expect(Object.keys(figures.defects)).toEqual(["dent", "scratch"]);
    expect(figures.defects.dent).toMatchObject({ count: 3, found: 2, escapes: 1 });
    expect(figures.defects.scratch?.imageAUROC).toBe(1);
    expect(figures.pixelAUROC).toBeNaN();
    expect(evaluation.curves().roc.x.at(-1)).toBe(1);
  });

  it("counts pictures of a grey zone apart: no false alarms, no escapes", () => {
    const evaluation = evaluator(5, undefined, 3);
    for (const score of [1, 2, 3, 4.9, 6]) evaluation.add(picture("good", score));
    for (const score of [2.9, 4, 7, 8]) evaluation.add(picture("anomalous", score));
    const figures = evaluation.figures();
    expect(figures).toMatchObject({
      falseAlarms: 1,
      escapes: 1,
      escapeRate: 0.25,
      uncertain: { threshold: 3, good: 2, anomalous: 1, goodRate: 0.4, anomalousRate: 0.25 },
      defects: { dent: { count: 4, found: 2, uncertain: 1, escapes: 1 } },
    });
    // What is uncertain is not found either.
    expect(figures.imageF1).toBeCloseTo(4 / (4 + 1 + 2), 12);
    expect(evaluation.pictures.map(({ uncertain }) => uncertain ?? false)).toEqual(
      [1, 2, 3, 4.9, 6, 2.9, 4, 7, 8].map((score) => score >= 3 && score < 5),
    );
    const plain = evaluator(5);
    plain.add(picture("anomalous", 4));
    expect(plain.figures()).not.toHaveProperty("uncertain");
    expect(plain.figures().defects.dent).not.toHaveProperty("uncertain");
  });

  it("measures maps against masks of another size", () => {
    const evaluation = evaluator(5);
    evaluation.add(picture("good", 1));
    const map = flat(0.1, 4, 4);
    map.data[5] = 9;
    evaluation.add(picture("anomalous", 9, { map, mask: mask([18, 19, 26, 27]) }));
    const figures = evaluation.figures();
    expect([figures.pixelAUROC, figures.AUPRO, figures.pixelMaxF1]).toEqual([1, 1, 1]);
    expect(evaluation.curves().pro?.y.at(-1)).toBe(1);
  });

  it("leaves anomalous pictures without ground truth out of the pixel figures", () => {
    const evaluation = evaluator(5);
    evaluation.add(picture("anomalous", 9));
    expect(evaluation.figures().AUPRO).toBeNaN();
  });

  it("says in words when labels look swapped or a class is missing", () => {
    const swapped = evaluator(5);
    swapped.add(picture("good", 9));
    swapped.add(picture("anomalous", 1));
    expect(swapped.figures().warnings).toEqual([expect.stringContaining("labels swapped")]);
    const only = evaluator(5);
    only.add(picture("good", 1));
    expect(only.figures().warnings).toEqual([expect.stringContaining("no anomalous pictures")]);
  });
});
