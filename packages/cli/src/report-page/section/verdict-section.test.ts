import { expect, it } from "vitest";
import { plainCalibration, plainReport, plainTest } from "../../../../../tests/support/plain-report.js";
import { verdictSection } from "./verdict-section.js";

const tiles = (html: string) =>
  [...html.matchAll(/<div class="tile( warn)?"><span>(.*?)<\/span><b>(.*?)<\/b>/g)].map(
    ([, warn, name, value]) => [name, value, warn !== undefined],
  );

it("shows the numbers that matter, marks those to look at, and never by colour alone", () => {
  const html = verdictSection(plainReport({ test: plainTest(10, [1, 2], { dent: [20, 5] }) }));
  expect(tiles(html)).toEqual([
    ["Escapes", "1 of 2", true],
    ["False alarms", "0 of 2", false],
    ["Image AUROC", "1.000", false],
    ["Expected false alarms", "5 of 100", false],
  ]);
  expect(html).toContain('class="tone-attention"');
  expect(html).toContain("Some mistakes in the test");
});

it("warns when there are too few pictures for what was asked", () => {
  const html = verdictSection(plainReport({ calibration: plainCalibration(12, 0.05) }));
  expect(tiles(html)).toEqual([["Expected false alarms", "7.7 of 100", true]]);
  expect(html).toContain("12 pictures are too few for 5 of 100: that takes 19.");
});

it("repeats the warnings of the test and of the caller", () => {
  const test = plainTest(10, [20, 21], { dent: [1, 2] });
  const html = verdictSection(plainReport({ test, warnings: ["Masks <missing>."] }));
  expect(html).toMatch(/<ul class="warnings"><li>Good pictures score higher.*<li>Masks &#60;missing&#62;\./);
  expect(html).toContain('class="tone-bad"');
});
