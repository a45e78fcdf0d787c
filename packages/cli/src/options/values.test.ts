import { BlemishError } from "@blemish/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { choice, collect, finiteNumber, missing, wholeNumber } from "./values.js";

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return error instanceof BlemishError ? error.code : "other";
  }
  return "none";
};

describe("wholeNumber", () => {
  it("reads every number inside its limits", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), (n) => wholeNumber("--workers", `${n}`, 1, 64) === n),
    );
  });
  it.each(["0", "65", "-1", "1.5", "1e1", "", " 2", "two", "0x10"])("refuses %j", (text) => {
    expect(codeOf(() => wholeNumber("--workers", text, 1, 64))).toBe("OPTION_VALUE");
  });
  it("names the option, the limits and what it found", () => {
    expect(() => wholeNumber("--workers", "none", 1, 64)).toThrow(
      /--workers has a value that is not allowed: expected a whole number from 1 to 64, found "none"/,
    );
  });
});

describe("finiteNumber", () => {
  it("reads every double that JavaScript prints", () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (x) => finiteNumber("--threshold", `${x}`) === x,
      ),
    );
  });
  it.each(["", " ", "NaN", "Infinity", "-Infinity", "1,5", "12px"])("refuses %j", (text) => {
    expect(codeOf(() => finiteNumber("--threshold", text))).toBe("OPTION_VALUE");
  });
});

describe("choice", () => {
  it("takes a word of the list and no other", () => {
    expect(choice("--task", "detection", ["detection", "segmentation"])).toBe("detection");
    expect(codeOf(() => choice("--task", "Detection", ["detection", "segmentation"]))).toBe("OPTION_VALUE");
  });
});

describe("collect", () => {
  it("gathers the values of a repeated option in their order", () => {
    expect(collect("b", collect("a", undefined))).toEqual(["a", "b"]);
  });
});

describe("missing", () => {
  it("says what has to be given", () => {
    expect(missing("the input", "a picture")).toMatchObject({
      code: "OPTION_VALUE",
      subject: "the input",
      expected: "a picture",
      found: "nothing",
    });
  });
});
