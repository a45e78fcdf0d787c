import type { HealthFinding } from "@blemish/core";
import { expect, it } from "vitest";
import { plainReport } from "../../../../../tests/support/plain-report.js";
import { healthSection } from "./health-section.js";

const finding = (change: Partial<HealthFinding>): HealthFinding => ({
  kind: "near-duplicate",
  severity: "warning",
  message: "2 pictures are alike.",
  paths: ["a.png"],
  thumbnails: [],
  ...change,
});
const section = (...findings: HealthFinding[]) =>
  healthSection(plainReport({ health: { pictures: 12, findings } }));

it("says severity and kind in words, and folds long lists of paths", () => {
  const html = section(finding({ paths: ["1", "2", "3", "4", "5", "6"] }));
  expect(html).toContain('<span class="kind">Warning, near duplicate</span> 2 pictures are alike.');
  expect(html).toContain("<summary>2 more</summary><ul><li>5</li><li>6</li></ul>");
});

it("shows thumbnails named by their paths", () => {
  const html = section(finding({ thumbnails: [{ path: "a.png", png: "AA==" }] }));
  expect(html).toContain('<img src="data:image/png;base64,AA==" alt="a.png" title="a.png">');
});

it("says what was looked for when nothing was found, and nothing without a check", () => {
  expect(section()).toContain("12 pictures checked: nothing unreadable");
  expect(healthSection(plainReport())).toBe("");
});
