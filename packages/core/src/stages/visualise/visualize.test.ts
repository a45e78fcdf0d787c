import { expect, it } from "vitest";
import { fingerprint } from "../../../../../fixtures/visualise/formulas.js";
import { judged } from "../../../../../fixtures/visualise/judged.js";
import type { Task } from "../../anomalib/model-description.js";
import { drawBoxes } from "./draw-boxes.js";
import { fullView } from "./full-view.js";
import { heatMapOf } from "./heat-map.js";
import { addLabel } from "./label.js";
import { markBoundaries } from "./mark-boundaries.js";
import { type VisualizationMode, visualize } from "./visualize.js";

const result = judged();
const simple = (task: Task, change = result) => fingerprint(visualize(change, { mode: "simple", task }));

it("simple: outline on the heat map, boxes or tag on the picture", () => {
  const heatMap = heatMapOf(result, result.image)!;
  expect(simple("segmentation")).toBe(fingerprint(markBoundaries(heatMap, result.predMask!)));
  expect(simple("segmentation", { ...result, heatMap })).toBe(simple("segmentation"));
  expect(simple("detection")).toBe(fingerprint(drawBoxes(result.image, result.predBoxes!, [0, 0, 255])));
  expect(simple("detection", { ...result, predBoxes: null })).toBe(simple("detection"));
  expect(simple("classification")).toBe(fingerprint(addLabel(result.image, result)));
});

it("simple: shows what there is", () => {
  expect(simple("segmentation", judged({ predMask: null }))).toBe(
    fingerprint(heatMapOf(result, result.image)!),
  );
  expect(simple("segmentation", judged({ predMask: null, anomalyMap: null }))).toBe(
    fingerprint(result.image),
  );
  expect(simple("detection", judged({ predBoxes: [], regions: [] }))).toBe(fingerprint(result.image));
});

it("full: the sheet", () => {
  for (const task of ["classification", "segmentation", "detection"] as const)
    expect(fingerprint(visualize(result, { mode: "full", task }))).toBe(fingerprint(fullView(result, task)));
});

it("refuses other modes and tasks", () => {
  expect(() => visualize(result, { mode: "half" as VisualizationMode, task: "detection" })).toThrow(
    /simple or full/,
  );
  expect(() => simple("counting" as Task)).toThrow(/OPTION_VALUE/);
});
