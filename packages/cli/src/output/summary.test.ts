import { BlemishError } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { invalidLine, type ResultLine } from "./result-line.js";
import { count, emptyTally, exitCode, summary, totalOf } from "./summary.js";

const error = new BlemishError("IMAGE_EMPTY", { subject: "x" });
const invalid = invalidLine(error, { path: "x", model: "m", ms: null, thresholdGiven: false });
const judged = (verdict: "good" | "uncertain" | "anomalous", ms: number): ResultLine => ({
  ...invalid,
  verdict,
  ms,
  error: null,
});
const tallyOf = (lines: readonly ResultLine[]) => lines.reduce(count, emptyTally());

describe("exitCode", () => {
  it.each([
    [[], 0],
    [[judged("good", 1)], 0],
    [[judged("good", 1), judged("anomalous", 1)], 1],
    [[judged("good", 1), judged("uncertain", 1)], 1],
    [[judged("uncertain", 1), invalid], 2],
    [[judged("anomalous", 1), invalid], 2],
    [[{ ...judged("good", 1), error: error.toJSON() }], 2],
  ])("case %#", (lines, code) => {
    expect(exitCode(tallyOf(lines))).toBe(code);
  });
});

describe("totalOf", () => {
  it("is 0 before the first picture, and counts every verdict", () => {
    expect(totalOf(emptyTally())).toBe(0);
    const verdicts = [judged("good", 1), judged("uncertain", 1), judged("anomalous", 1), invalid];
    expect(totalOf(tallyOf(verdicts))).toBe(4);
  });
});

describe("summary", () => {
  it("counts verdicts, speed and the middle time", () => {
    const counts = tallyOf([judged("good", 30), judged("good", 10), judged("anomalous", 20), invalid]);
    expect(summary(counts, 2000)).toBe(
      "4 pictures: 2 good, 1 anomalous, 1 invalid; 2.0 pictures/s, median 20 ms per picture",
    );
  });
  it("counts uncertain pictures where there are some", () => {
    const counts = tallyOf([judged("good", 30), judged("uncertain", 10)]);
    expect(summary(counts, 2000)).toMatch(/^2 pictures: 1 good, 1 uncertain, 0 anomalous, 0 invalid; /);
  });
  it("says no time where none was measured", () => {
    expect(summary(tallyOf([{ ...invalid, ms: null }]), 0)).toBe(
      "1 picture: 0 good, 0 anomalous, 1 invalid; ",
    );
  });
  it("says one picture, and what was not written", () => {
    const counts = tallyOf([{ ...judged("good", 30), error: error.toJSON() }]);
    expect(summary(counts, 500)).toMatch(/^1 picture: 1 good, 0 anomalous, 0 invalid, 1 not written;/);
  });
});
