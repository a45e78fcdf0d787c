import { expect, it } from "vitest";
import { runPageScript } from "../../../../../tests/support/run-page-script.js";
import { BASICS_SCRIPT } from "./basics-script.js";
import { CURVES_SCRIPT } from "./curves-script.js";

const run = runPageScript([BASICS_SCRIPT, CURVES_SCRIPT], {
  threshold: 1,
  roc: null,
  pro: null,
  learning: null,
});

it("writes shares as percentages and counts as they are", () => {
  expect(run(`curveAxis("x", 30, true).values(null, [0, 0.05, 0.125, 1])`)).toEqual([
    "0 %",
    "5 %",
    "12.5 %",
    "100 %",
  ]);
  expect(run(`curveAxis("x", 30, false).values(null, [20, 50])`)).toEqual(["20", "50"]);
});

it("draws nothing where there is nothing to draw", () => {
  expect(
    run("startRoc(); startPro(); startSensitivity(); startLearning(); redraws.length + followers.length"),
  ).toBe(0);
});
