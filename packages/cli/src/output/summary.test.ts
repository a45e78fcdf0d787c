import { BlemishError } from "@blemish/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { invalidLine, type ResultLine } from "./result-line.js";
import { count, emptyTally, exitCode, median, summary } from "./summary.js";

const error = new BlemishError("IMAGE_EMPTY", { subject: "x" });
const invalid = invalidLine(error, { path: "x", model: "m", ms: null, thresholdGiven: false });
const judged = (verdict: "good" | "anomalous", ms: number): ResultLine => ({
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
    [[judged("anomalous", 1), invalid], 2],
    [[{ ...judged("good", 1), error: error.toJSON() }], 2],
  ])("case %#", (lines, code) => {
    expect(exitCode(tallyOf(lines))).toBe(code);
  });
});

describe("summary", () => {
  it("counts verdicts, speed and the middle time", () => {
    const counts = tallyOf([judged("good", 30), judged("good", 10), judged("anomalous", 20), invalid]);
    expect(summary(counts, 2000)).toBe(
      "4 pictures: 2 good, 1 anomalous, 1 invalid; 2.0 pictures/s, median 20 ms per picture",
    );
  });
  it("says one picture, and what was not written", () => {
    const counts = tallyOf([{ ...judged("good", 30), error: error.toJSON() }]);
    expect(summary(counts, 500)).toMatch(/^1 picture: 1 good, 0 anomalous, 0 invalid, 1 not written;/);
  });
});

describe("median", () => {
  it("leaves as many values below as above", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: 0, max: 1e6 }), { minLength: 1 }), (values) => {
        const middle = median(values) ?? Number.NaN;
        expect(values.filter((v) => v < middle).length).toBeLessThanOrEqual(values.length / 2);
        expect(values.filter((v) => v > middle).length).toBeLessThanOrEqual(values.length / 2);
      }),
    );
    expect(median([])).toBeNull();
    expect(median([4, 1])).toBe(2.5);
  });
});
