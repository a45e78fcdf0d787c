import { PassThrough } from "node:stream";
import { finding } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { healthWords, unreadablePaths } from "./health-words.js";

const findings = [
  finding("unreadable", "error", "a.png is empty. [IMAGE_EMPTY]", ["a.png"]),
  finding("blur", "warning", "6 good pictures are much less sharp.", ["b", "c", "d", "e", "f", "g\u001b[2J"]),
  finding("sizes", "note", "Pictures of 2 sizes.", ["h"]),
];

describe("healthWords", () => {
  it("has a line for each finding, and its pictures below it", () =>
    expect(healthWords({ findings }, new PassThrough()).split("\n")).toEqual([
      "error: a.png is empty. [IMAGE_EMPTY]",
      "warning: 6 good pictures are much less sharp.",
      "  b, c, d, e, f and 1 more",
      "note: Pictures of 2 sizes.",
      "  h",
    ]));
  it("is empty for a healthy set", () => expect(healthWords({ findings: [] }, new PassThrough())).toBe(""));
});

describe("unreadablePaths", () => {
  it("names what cannot be used", () => expect([...unreadablePaths({ findings })]).toEqual(["a.png"]));
});
