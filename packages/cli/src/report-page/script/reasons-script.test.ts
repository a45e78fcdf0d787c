import { expect, it } from "vitest";
import { plainReport } from "../../../../../tests/support/plain-report.js";
import { pageData } from "../page-data.js";
import { PAGE_SCRIPT } from "../page-script.js";
import { REASONS_SCRIPT } from "./reasons-script.js";

it("stands in the page's program after what it needs, and its good pictures in the page's data", () => {
  expect(PAGE_SCRIPT.indexOf("function decode(")).toBeLessThan(PAGE_SCRIPT.indexOf(REASONS_SCRIPT));
  expect(PAGE_SCRIPT).toContain('showReasons(byId("viewer-why"), picture)');
  expect(pageData(plainReport()).goods).toEqual({});
  expect(pageData(plainReport({ goods: { 4: "data:," } })).goods).toEqual({ 4: "data:," });
});
