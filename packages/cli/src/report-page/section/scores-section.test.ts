import { expect, it } from "vitest";
import { plainCalibration, plainReport, plainTest } from "../../../../../tests/support/plain-report.js";
import { scoresSection } from "./scores-section.js";

const ids = (html: string) => [...html.matchAll(/id="(lane-[a-z]+|live-[a-z]+)"/g)].map((match) => match[1]);

it("has lanes and counts for the groups there are", () => {
  const test = plainTest(10, [1], { dent: [20] });
  expect(ids(scoresSection(plainReport({ test })))).toEqual([
    "lane-good",
    "lane-bad",
    "live-escapes",
    "live-alarms",
    "live-training",
    "live-promise",
    "live-defects",
  ]);
  expect(ids(scoresSection(plainReport()))).toEqual([
    "lane-good",
    "live-training",
    "live-promise",
    "live-defects",
  ]);
});

it("names the threshold in its slider and in words", () => {
  const html = scoresSection(plainReport());
  expect(html).toContain('role="slider" tabindex="0" aria-label="Image threshold"');
  expect(html).toContain("own threshold is <b>191</b>");
});

it("is left out without scores", () => {
  expect(scoresSection(plainReport({ calibration: { ...plainCalibration(5, 0.2), scores: [] } }))).toBe("");
});

it("draws the lower threshold of a grey zone and counts what lies between", () => {
  const calibration = { ...plainCalibration(200, 0.05), uncertain: { threshold: 181, askedRate: 0.1 } };
  const html = scoresSection(plainReport({ calibration, test: plainTest(10, [1], { dent: [20] }) }));
  expect(html).toContain('id="lower-line"');
  expect(html).toContain("Between <b>181</b> (dashed line)");
  expect(ids(html)).toContain("live-uncertain");
  expect(scoresSection(plainReport())).not.toContain("lower-line");
});
