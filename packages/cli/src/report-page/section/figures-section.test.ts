import { expect, it } from "vitest";
import { plainReport, plainTest } from "../../../../../tests/support/plain-report.js";
import { figuresSection } from "./figures-section.js";

const rows = (html: string) =>
  [...html.matchAll(/<tr[^>]*><th scope="row">(.*?)<\/th>(.*?)<\/tr>/g)].map(([, name, cells = ""]) => [
    name,
    ...cells.split(/<\/?td>/).filter((text) => text !== ""),
  ]);

it("has a row for every kind of defect and one for all, with exact intervals", () => {
  const html = figuresSection(
    plainReport({ test: plainTest(10, [1, 2, 15], { dent: [20, 5], stain: [30] }) }),
  );
  expect(rows(html).slice(0, 3)).toEqual([
    ["dent", "2", "1", "1", "50 %", "1.2 to 99 %", "0.833"],
    ["stain", "1", "1", "0", "0 %", "0 to 98 %", "1.000"],
    ["All defects", "3", "2", "1", "33 %", "0.84 to 91 %", "0.889"],
  ]);
  expect(html).toContain('id="roc"');
  expect(html).not.toContain('id="pro"');
});

it("shows a dash for what cannot be computed", () => {
  const html = figuresSection(plainReport({ test: plainTest(10, [1, 2], {}) }));
  expect(rows(html)).toContainEqual(["Image AUROC", "–", expect.any(String)]);
  expect(rows(html)).toContainEqual(["AUPRO", "–", expect.any(String)]);
  expect(html).not.toMatch(/NaN|null|undefined/);
  expect(html).not.toContain('id="roc"');
});

it("is left out without a test", () => expect(figuresSection(plainReport())).toBe(""));
