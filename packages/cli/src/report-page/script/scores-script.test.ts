import { describe, expect, it } from "vitest";
import { runPageScript } from "../../../../../tests/support/run-page-script.js";
import { BASICS_SCRIPT } from "./basics-script.js";
import { COUNTS_SCRIPT } from "./counts-script.js";
import { SCORES_SCRIPT } from "./scores-script.js";

const page = (training: number[], bad: number[], threshold: number) =>
  runPageScript([BASICS_SCRIPT, COUNTS_SCRIPT, SCORES_SCRIPT], {
    threshold,
    uncertainThreshold: null,
    training,
    good: [],
    defects: [{ name: "dent", scores: bad }],
  });

describe("the threshold that the reader chooses", () => {
  const run = page([1, 2, 3, 4], [5, 6], 3.123456789);

  it("has six digits, so that the command repeats it exactly, and stays on the axis", () => {
    expect(run("chooseThreshold(4.56789123); state.threshold")).toBe(4.56789);
    expect(run("chooseThreshold(1e9); state.threshold")).toBe(6.15);
    expect(run("chooseThreshold(-5); state.threshold")).toBe(0.85);
  });

  it("is the model's own, with all its digits, when it looks like it", () => {
    expect(run("chooseThreshold(3.1234567); [state.threshold, state.moved]")).toEqual([3.123456789, false]);
  });
});

describe("the axis", () => {
  it("is logarithmic when the scores span a wide range, and can be only if they are positive", () => {
    expect(page([1, 2, 3], [50, 900], 4)("[scoreAxis.log, scoreAxis.mayBeLog]")).toEqual([true, true]);
    expect(page([1, 2, 3], [3, 4], 4)("[scoreAxis.log, scoreAxis.mayBeLog]")).toEqual([false, true]);
    expect(page([0, 2, 3], [50, 900], 4)("[scoreAxis.log, scoreAxis.mayBeLog]")).toEqual([false, false]);
  });

  it("leads there and back", () => {
    const run = page([1, 2, 3], [50, 900], 4);
    expect(run("toScore(toPlace(7.5))")).toBeCloseTo(7.5, 12);
    expect(run("placeRange()[0] < toPlace(1) && placeRange()[1] > toPlace(900)")).toBe(true);
  });

  it("bears pictures that all have the same score", () => {
    expect(page([2, 2], [2], 2)("const [low, high] = placeRange(); low < 2 && high > 2")).toBe(true);
  });
});
