import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCsv } from "./parse-csv.js";

const values = (text: string) => parseCsv(text, "t.csv").rows.map(({ cells }) => Object.values(cells));

describe("parseCsv", () => {
  it("gives back any cells that were written as the standard says", () => {
    const word = fc.string({
      maxLength: 6,
      unit: fc.constantFrom("a", "ö", '"', ",", ";", "\t", "\n", "\r\n", " ", "'"),
    });
    const table = fc.tuple(
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom(",", ";", "\t"),
      fc.constantFrom("\n", "\r\n", "\r"),
    );
    fc.assert(
      fc.property(
        table,
        fc.array(fc.array(word, { minLength: 4, maxLength: 4 }), { maxLength: 5 }),
        (shape, cells) => {
          const [width, separator, end] = shape;
          const rows = cells
            .map((row) => row.slice(0, width))
            .filter((row) => row.some((cell) => cell.trim() !== ""));
          const names = ["p", "q", "r", "s"].slice(0, width);
          const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
          const lines = [names.join(separator), ...rows.map((row) => row.map(quote).join(separator))];
          const wanted = rows.map((row) => row.map((cell) => cell.trim()));
          // With one column no separator stands in the first line, so a comma is taken: every cell is quoted anyway.
          expect(values(lines.join(end))).toEqual(wanted);
          expect(values(`\uFEFF${lines.join(end)}${end}`)).toEqual(wanted);
        },
      ),
    );
  });

  it("never fails but with DATASET", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", '"', ",", ";", "\n", "\r", " ", "\t", "\uFEFF") }),
        (text) => {
          try {
            parseCsv(text, "t.csv");
          } catch (error) {
            expect(error).toMatchObject({ code: "DATASET" });
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("takes the separator that the first line holds most of, not those in quotes", () => {
    expect(values("a;b\n1,5;2")).toEqual([["1,5", "2"]]);
    expect(values('"a,b,c";d\n1;2')).toEqual([["1", "2"]]);
    expect(values("a\tb\n1;2\t3")).toEqual([["1;2", "3"]]);
  });

  it("names columns in lower case, trims, fills short rows and skips empty lines", () => {
    const table = parseCsv(' Path , "Label" \n\n a.png ,good\n , \nb.png\n', "t.csv");
    expect(table.columns).toEqual(["Path", "Label"]);
    expect(table.rows).toEqual([
      { line: 3, cells: { path: "a.png", label: "good" } },
      { line: 5, cells: { path: "b.png", label: "" } },
    ]);
  });

  it("counts lines as an editor does, those inside quotes too", () => {
    const rows = parseCsv('a,b\r\n"x\r\ny",1\r\nz,2\r\n', "t.csv").rows;
    expect(rows.map(({ line }) => line)).toEqual([2, 4]);
  });

  it.each([
    ["", "an empty table"],
    ["\n\n", "an empty table"],
    ["a,b,A\n", "the column a twice"],
    ["a,b\n1,2\n1,2,3", "t.csv, line 3,"],
    ['a,b\n"1,2\n3,4', "t.csv, line 2,"],
  ])("refuses %j", (text, words) => expect(() => parseCsv(text, "t.csv")).toThrow(words));
});
