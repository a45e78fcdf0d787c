import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  counted,
  durationText,
  figure,
  grouped,
  NO_FIGURE,
  ofHundred,
  percent,
  percentRange,
  scoreText,
} from "./rate-words.js";

const rates = fc.double({ min: 1e-4, max: 1, noNaN: true });
const value = (text: string) => {
  const [part, total] = text.replace(",", "").split(" of ").map(Number);
  return (part ?? 0) / (total ?? 0);
};

describe("ofHundred", () => {
  it.each([
    [0.05, "5 of 100"],
    [10 / 201, "5 of 100"],
    [0.0476, "4.8 of 100"],
    [0.14, "14 of 100"],
    [0.01, "1 of 100"],
    [0.0033, "3.3 of 1,000"],
    [0.0004, "4 of 10,000"],
    [0, "0 of 100"],
    [1, "100 of 100"],
    [Number.NaN, NO_FIGURE],
  ])("tells %d as %s", (rate, text) => expect(ofHundred(rate)).toBe(text));

  it("stays within half a digit, and never tells a guarantee too small or a lower end too large", () => {
    fc.assert(
      fc.property(rates, (rate) => {
        expect(Math.abs(value(ofHundred(rate)) / rate - 1)).toBeLessThan(0.051);
        expect(value(ofHundred(rate, "up"))).toBeGreaterThanOrEqual(rate * (1 - 1e-4));
        expect(value(ofHundred(rate, "down"))).toBeLessThanOrEqual(rate * (1 + 1e-4));
      }),
    );
  });
});

it("percent and intervals keep two digits and round outwards", () => {
  expect(percent(1 / 24)).toBe("4.2 %");
  expect(percent(0.125)).toBe("13 %");
  expect(percent(null)).toBe(NO_FIGURE);
  expect(percentRange([0.0265, 0.3236])).toBe("2.6 to 33 %");
  expect(percentRange([0, 0.058], "and")).toBe("0 and 5.8 %");
  expect(percentRange([null, null])).toBe(NO_FIGURE);
});

it("figures do not claim perfection by rounding", () => {
  expect([figure(1), figure(0.99996), figure(0.9871), figure(null), figure(Number.NaN)]).toEqual([
    "1.000",
    "0.999",
    "0.987",
    NO_FIGURE,
    NO_FIGURE,
  ]);
});

it("scores, counts and durations read well", () => {
  expect([scoreText(14.70064), scoreText(0.00012345678), scoreText(Number.NaN)]).toEqual([
    "14.701",
    "0.00012346",
    NO_FIGURE,
  ]);
  expect([counted(1, "picture"), counted(1200, "picture"), counted(0, "copy", "copies")]).toEqual([
    "1 picture",
    "1,200 pictures",
    "0 copies",
  ]);
  expect(grouped(1_234_567)).toBe("1,234,567");
  expect([durationText(0.44), durationText(11.9), durationText(185)]).toEqual(["0.4 s", "12 s", "3 min 5 s"]);
});
