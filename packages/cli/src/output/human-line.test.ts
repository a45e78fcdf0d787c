import { PassThrough } from "node:stream";
import { BlemishError } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { explained } from "../../../../tests/support/explained.js";
import { humanLine } from "./human-line.js";
import { invalidLine, type ResultLine } from "./result-line.js";

const plain = new PassThrough();
const context = { path: "a/b.png", model: "m", ms: 1, thresholdGiven: false };
const invalid = invalidLine(new BlemishError("IMAGE_EMPTY", { subject: "a/b.png" }), context);
const good: ResultLine = {
  ...invalid,
  verdict: "good",
  predScore: 0.25,
  rawScore: 7.5,
  imageThreshold: 14.25,
  predLabel: false,
  error: null,
};

describe("humanLine", () => {
  it("shows the normalised score and the comparison in raw units", () => {
    expect(humanLine(good, false, plain)).toBe("good       0.2500  (raw    7.5000 < 14.2500)  a/b.png");
  });
  it("says below it why places are hot, a line for each detector, the place in pixels", () => {
    const line = { ...good, width: 100, height: 50, explanations: [explained(), explained()] };
    const lines = humanLine(line, false, plain).split("\n");
    expect(lines).toHaveLength(5);
    expect(lines[1]).toMatch(/^ {2}\(60, 15\) {2}70 % PatchCore at 320 px: nearest good patches 004\.png at/);
    expect(lines[2]).toMatch(/^ {12}30 % PaDiM at 256 px: channels layer2 41/);
    expect(humanLine({ ...line, explanations: [] }, false, plain)).not.toContain("\n");
  });
  it("has columns that stand under each other", () => {
    const bad = { ...good, verdict: "anomalous", predLabel: true, predScore: 1, rawScore: 1234.5 } as const;
    const lines = [good, bad].map((line) => humanLine(line, false, plain));
    expect(lines[1]).toContain("1234.5000 ≥ 14.2500");
    expect(lines[0]?.indexOf("a/b.png")).toBe(lines[1]?.indexOf("a/b.png"));
  });
  it("shows both thresholds of an uncertain picture", () => {
    const line = { ...good, verdict: "uncertain", rawScore: 12, uncertainThreshold: 10.5 } as const;
    expect(humanLine(line, false, plain)).toBe(
      "uncertain  0.2500  (raw   12.0000 < 14.2500, ≥ 10.5000)  a/b.png",
    );
  });
  it("shows one comparison where there is only one scale, strict where the profile is", () => {
    const line = { ...good, rawScore: null, predScore: 0.25, imageThreshold: 0.5 };
    expect(humanLine(line, true, plain)).toContain("0.2500 ≤ 0.5000  a/b.png");
    expect(humanLine({ ...line, predLabel: true, predScore: 0.75 }, true, plain)).toContain(
      "0.7500 > 0.5000",
    );
  });
  it("says which rules a picture breaks that is judged all the same", () => {
    const rule = (name: "place" | "white" | "sharpness", ok: boolean) =>
      ({ rule: name, value: 1, low: null, high: 2, ok }) as const;
    const validity = [rule("white", false), rule("sharpness", true), rule("place", false)];
    expect(humanLine({ ...good, validity }, false, plain)).toMatch(/a\/b\.png {2}\(breaks white, place\)$/);
    expect(humanLine({ ...good, validity: [rule("white", true)] }, false, plain)).not.toContain("breaks");
  });
  it("names the written files and what could not be written", () => {
    const line = { ...good, output: "o/b.png", map: "m/b.npy" };
    expect(humanLine(line, false, plain)).toMatch(/ -> o\/b\.png, m\/b\.npy$/);
    const error = new BlemishError("OUTPUT_WRITE", { subject: "o/b.png" }).toJSON();
    expect(humanLine({ ...good, error }, false, plain)).toContain("o/b.png cannot be written");
  });
  it("lets no escape sequence of a file name through", () => {
    expect(humanLine({ ...good, path: "a\u001b[2J.png" }, false, plain)).toContain("a [2J.png");
  });
  it("gives the whole sentence for an invalid picture", () => {
    expect(humanLine(invalid, false, plain)).toBe(`invalid    ${invalid.error?.message}`);
  });
});
