import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BAYER_PATTERNS, type Capture, checkCapture, isCapture } from "./capture.js";

const GOOD: Capture[] = [
  {},
  { range: { min: 0, max: 4095 }, bayer: "rggb", millimetresPerPixel: 0.05 },
  { range: { min: -1.5, max: -1 } },
];
const BAD = [
  { range: { min: 4095, max: 4095 } },
  { range: { min: 5, max: 4 } },
  { range: { min: Number.NaN, max: 4 } },
  { range: { min: 0, max: Number.POSITIVE_INFINITY } },
  { bayer: "rgbg" },
  { millimetresPerPixel: 0 },
  { millimetresPerPixel: -1 },
  { millimetresPerPixel: Number.NaN },
] as unknown as Capture[];

describe("a capture", () => {
  it.each(GOOD)("is taken as it was given: %j", (capture) => {
    expect(checkCapture(capture)).toBe(capture);
    expect(isCapture(JSON.parse(JSON.stringify(capture)))).toBe(true);
  });

  it.each(BAD)("is refused by the option that is wrong: %j", (capture) => {
    const [name] = Object.keys(capture);
    const option = { range: "--range", bayer: "--bayer", millimetresPerPixel: "--mm-per-pixel" }[name ?? ""];
    expect(() => checkCapture(capture)).toThrow(
      expect.objectContaining({ code: "OPTION_VALUE", subject: expect.stringContaining(`(${option})`) }),
    );
    expect(isCapture(capture)).toBe(false);
  });

  it("of a file may be anything", () => {
    fc.assert(fc.property(fc.anything(), (value) => void isCapture(value)));
    for (const value of [null, 3, "rggb", { range: null }, { range: {} }, { bayer: 1 }])
      expect(isCapture(value)).toBe(false);
    expect(BAYER_PATTERNS.every((bayer) => isCapture({ bayer }))).toBe(true);
  });
});
