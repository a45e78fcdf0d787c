/** A small report without pictures, for tests of its words. */
import { evaluator, promiseFor } from "@blemish/core";
import type { ReportData, ReportTest } from "../../packages/cli/src/report-page/report-data.js";

/** Scores 1, 2, … of so many good training pictures, with the threshold for the asked rate. */
export function plainCalibration(count: number, asked: number): ReportData["calibration"] {
  const scores = Array.from({ length: count }, (_, i) => ({ path: `train/${i}.png`, score: i + 1 }));
  const { threshold } = promiseFor(
    scores.map(({ score }) => score),
    asked,
  );
  return {
    method: "leave-one-out",
    imageThreshold: threshold,
    pixelThreshold: null,
    askedRate: asked,
    scores,
    changes: [],
  };
}

/** A test with these scores at a threshold; bad pictures by kind of defect. */
export function plainTest(
  threshold: number,
  good: readonly number[],
  bad: Readonly<Record<string, readonly number[]>>,
  uncertain: number | null = null,
): ReportTest {
  const evaluation = evaluator(threshold, undefined, uncertain);
  const add = (label: "good" | "anomalous", defect: string, score: number, i: number) =>
    evaluation.add({
      path: `test/${defect || "good"}/${i}.png`,
      label,
      defect,
      score,
      predLabel: score >= threshold,
      map: null,
      mask: null,
    });
  good.forEach((score, i) => {
    add("good", "", score, i);
  });
  for (const [defect, scores] of Object.entries(bad))
    scores.forEach((score, i) => {
      add("anomalous", defect, score, i);
    });
  return {
    name: "test set",
    figures: evaluation.figures(),
    curves: evaluation.curves(),
    pictures: [...evaluation.pictures],
  };
}

/** A report of 200 good pictures with nothing else in it but what is given. */
export function plainReport(changes: Partial<ReportData> = {}): ReportData {
  return {
    title: "Cap",
    date: "",
    model: {
      file: "cap.blemish",
      profile: "blemish",
      backbone: "efficientnet-lite0",
      inputs: [{ width: 256, height: 256 }],
      trainedOn: 200,
      sections: [],
    },
    calibration: plainCalibration(200, 0.05),
    suspects: [],
    test: null,
    gallery: [],
    mapRange: null,
    health: null,
    warnings: [],
    durations: [],
    ...changes,
  };
}
