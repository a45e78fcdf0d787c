import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { addCaptureOptions, CAPTURE_WORDS, type CaptureWords, captureOptions } from "./capture-options.js";

describe("captureOptions", () => {
  it.each<[CaptureWords, object]>([
    [{}, {}],
    [{ range: "0..4095" }, { capture: { range: { min: 0, max: 4095 } } }],
    [{ range: "-1.5..1e3" }, { capture: { range: { min: -1.5, max: 1000 } } }],
    [{ bits: "10" }, { capture: { range: { min: 0, max: 1023 } } }],
    [{ bits: "16" }, { capture: { range: { min: 0, max: 65535 } } }],
    [
      { bits: "12", bayer: "grbg", mmPerPixel: "0.05" },
      { capture: { range: { min: 0, max: 4095 }, bayer: "grbg", millimetresPerPixel: 0.05 } },
    ],
  ])("reads %j", (words, options) => expect(captureOptions(words)).toEqual(options));

  it.each<[string, CaptureWords]>([
    ...["4095", "0..", "..9", "0..9..10", "9..9", "9..0", "a..b", "0..Infinity"].map(
      (range): [string, CaptureWords] => ["--range", { range }],
    ),
    ["--bits", { range: "0..9", bits: "12" }],
    ...["7", "17", "x", "12.0"].map((bits): [string, CaptureWords] => ["--bits", { bits }]),
    ["--bayer", { bayer: "RGGB!" }],
    ...["0", "-1", "x", ""].map((mmPerPixel): [string, CaptureWords] => ["--mm-per-pixel", { mmPerPixel }]),
  ])("refuses %s %j", (subject, words) =>
    expect(() => captureOptions(words)).toThrow(expect.objectContaining({ code: "OPTION_VALUE", subject })),
  );

  it("gives commander the words that it reads", () => {
    const command = addCaptureOptions(new Command("x"));
    expect(command.options.map(({ long }) => long)).toEqual(Object.values(CAPTURE_WORDS));
    expect(command.options.map((option) => option.attributeName())).toEqual(Object.keys(CAPTURE_WORDS));
  });
});
