import { describe, expect, it } from "vitest";
import { plainReport, plainTest } from "../../../../tests/support/plain-report.js";
import { verdictOf } from "./verdict.js";

const many = (count: number, score: number) => Array.from({ length: count }, () => score);
const verdict = (good: number[], bad: number[]) =>
  verdictOf(plainReport({ test: plainTest(10, good, { scratch: bad }) }));

describe("verdictOf", () => {
  it("without a test says so and names the command", () => {
    const { tone, headline, details } = verdictOf(plainReport());
    expect(tone).toBe("open");
    expect(headline).toMatch(/not been tested/);
    expect(details[0]).toBe(
      "Trained on 200 pictures of good parts, looking at 256 × 256 pixels with efficientnet-lite0.",
    );
    expect(details[1]).toMatch(
      /^Expected: 5 of 100 good parts .* not more than 7\.8 of 100; 160 more pictures/,
    );
    expect(details.at(-1)).toMatch(/blemish evaluate cap\.blemish DATASET$/);
  });

  it("names every size that the model looks at", () => {
    const report = plainReport();
    const inputs = [512, 256].map((side) => ({ width: side, height: side }));
    const looking = (sizes: typeof inputs) =>
      verdictOf({ ...report, model: { ...report.model, inputs: sizes } }).details[0];
    expect(looking(inputs)).toContain("looking at 512 × 512 and 256 × 256 pixels with");
    expect(looking([])).toContain("looking at pictures with");
  });

  it.each([
    [
      many(20, 1),
      many(60, 20),
      "good",
      "All 60 anomalous test pictures found; none of 20 good test pictures called anomalous.",
    ],
    [
      [...many(19, 1), 11],
      [...many(58, 20), 5, 6],
      "attention",
      "58 of 60 anomalous test pictures found, 2 escaped; 1 of 20 good test pictures called anomalous by mistake.",
    ],
    [
      many(20, 1),
      [],
      "open",
      "0 of 20 good test pictures called anomalous. There were no anomalous pictures, so escapes are unknown.",
    ],
    [
      [],
      many(3, 20),
      "open",
      "All 3 anomalous test pictures found. There were no good pictures, so false alarms are unknown.",
    ],
    [[], [], "open", "The test held no pictures."],
    [
      many(2, 1),
      [20],
      "good",
      "The only anomalous test picture was found; none of 2 good test pictures called anomalous.",
    ],
  ] as const)("puts a test into words (%#)", (good, bad, tone, headline) => {
    expect(verdict([...good], [...bad])).toMatchObject({ tone, headline });
  });

  it("says in words that labels look swapped", () => {
    expect(verdict(many(20, 20), many(20, 1))).toMatchObject({
      tone: "bad",
      headline: expect.stringMatching(/labels swapped/),
    });
  });

  it("speaks of models of other programs without a promise", () => {
    const data = plainReport({
      model: { ...plainReport().model, trainedOn: null },
      calibration: { ...plainReport().calibration, method: "imported", askedRate: null, scores: [] },
    });
    const { details } = verdictOf(data);
    expect(details[0]).toMatch(/^A model of another program/);
    expect(details.join(" ")).not.toMatch(/Expected/);
  });
});

it("counts uncertain pictures apart", () => {
  const headline = (good: number[], bad: number[]) =>
    verdictOf(plainReport({ test: plainTest(10, good, { scratch: bad }, 8) })).headline;
  expect(headline([1, 8, 9], [7, 8, 20])).toBe(
    "1 of 3 anomalous test pictures found, 1 uncertain, 1 escaped; none of 3 good test pictures called anomalous, 2 uncertain.",
  );
  expect(headline([8], [])).toMatch(
    /^0 of 1 good test picture called anomalous, 1 uncertain\. There were no/,
  );
});
