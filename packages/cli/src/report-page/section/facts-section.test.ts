import { expect, it } from "vitest";
import { plainReport } from "../../../../../tests/support/plain-report.js";
import { factsSection } from "./facts-section.js";

it("lists facts and times, and leaves out empty sections", () => {
  const { model } = plainReport();
  const sections = [
    { title: "File", rows: [["SHA-256", "abc"]] as const, remarks: ["a & b"] },
    { title: "Empty", rows: [], remarks: [] },
  ];
  const html = factsSection(
    plainReport({ model: { ...model, sections }, durations: [{ stage: "Training", seconds: 75 }] }),
  );
  expect(html).toContain("<h3>File</h3><dl><dt>SHA-256</dt><dd>abc</dd></dl><ul><li>a &#38; b</li></ul>");
  expect(html).toContain("<dt>Training</dt><dd>1 min 15 s</dd>");
  expect(html).not.toContain("Empty");
});
