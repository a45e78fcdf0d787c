import { PassThrough } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reportText } from "./report-text.js";

const plain = new PassThrough();

describe("reportText", () => {
  it("sets names and values in columns across sections", () => {
    const text = reportText(
      [
        { title: "One", rows: [["Name", "value"]], remarks: ["A sentence."] },
        { title: "Two", rows: [["Longer name", "other"]], remarks: [] },
      ],
      plain,
    );
    expect(text).toBe("One\n  Name         value\n  - A sentence.\n\nTwo\n  Longer name  other\n");
  });
  it("wraps long values under themselves and keeps every word", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,20}$/), { minLength: 1, maxLength: 80 }), (words) => {
        const text = reportText([{ title: "T", rows: [["N", words.join(" ")]], remarks: [] }], plain);
        const lines = text.trimEnd().split("\n").slice(1);
        expect(lines.every((line) => line.length <= 110)).toBe(true);
        expect(lines.join(" ").split(/\s+/).slice(2)).toEqual(words);
      }),
    );
  });
  it("keeps a long name apart from its value", () => {
    const name = "n".repeat(80);
    expect(reportText([{ title: "T", rows: [[name, "v"]], remarks: [] }], plain)).toContain(`${name}  v`);
  });
  it("lets no escape sequence of a file through", () => {
    const text = reportText(
      [{ title: "T", rows: [["N\u001b[1m", "a\u001b[31mb\u0007"]], remarks: ["\u009b2J"] }],
      plain,
    );
    for (const control of "\u001b\u0007\u009b") expect(text).not.toContain(control);
  });
});
