import { expect, it } from "vitest";
import { madeUpSensitivity } from "../../../../../tests/support/made-up-sensitivity.js";
import { plainReport } from "../../../../../tests/support/plain-report.js";
import { pageData } from "../page-data.js";
import { sensitivitySection } from "./sensitivity-section.js";

it("is nothing where nothing was measured", () => {
  expect(sensitivitySection(plainReport())).toBe("");
  expect(pageData(plainReport()).sensitivity).toBeNull();
});

it("shows the verdict, a curve and every cell, bold where nine of ten are beyond doubt", () => {
  const html = sensitivitySection({ ...plainReport(), sensitivity: madeUpSensitivity() });
  expect(html).toContain(
    "<b>Scratches</b>: 90 % are found, with 95 % confidence, from 8 px on at contrast 50 %",
  );
  expect(html).toContain('id="sensitivity-plot"');
  expect(html.match(/<tr>/g)).toHaveLength(1 + 3 * 3);
  expect(html).toContain(`<td><b>60/60 <span class="soft">94 to 100 %</span></b></td>`);
  expect(html).toContain(`<td>58/60 <span class="soft">88 to 100 %</span></td>`);
});

it("escapes names of zones, and has millimetres", () => {
  const sensitivity = madeUpSensitivity({ millimetresPerPixel: 0.05 }, true);
  const html = sensitivitySection({ ...plainReport(), sensitivity });
  expect(html).toContain("Zone &#60;face&#62;");
  expect(html).not.toContain("<face>");
  expect(html).toContain("8 px (0.4 mm)");
});

it("draws a line for each contrast, of all kinds together", () => {
  const { sensitivity } = pageData({ ...plainReport(), sensitivity: madeUpSensitivity() });
  expect(sensitivity).toEqual({
    x: [4, 8, 16],
    lines: [
      [0.03333, 0.26667, 0.66667],
      [0.325, 0.83333, 0.975],
    ],
  });
});
