import { expect, it } from "vitest";
import { plainReport, plainTest } from "../../../../../tests/support/plain-report.js";
import { unjudgedSection } from "./unjudged-section.js";

const failed = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    path: `test/<${i}>.png`,
    label: "good" as const,
    reason: "12: the picture is too dark [PICTURE_INVALID]",
  }));
const page = (count: number) =>
  unjudgedSection(plainReport({ test: { ...plainTest(10, [1], { scratch: [20] }), failed: failed(count) } }));

it("is not there when every picture was judged, and without a test", () => {
  expect(unjudgedSection(plainReport({ test: null }))).toBe("");
  expect(unjudgedSection(plainReport({ test: plainTest(10, [1], { scratch: [20] }) }))).toBe("");
});

it("lists the pictures with their reasons, escaped, and says that no figure has them", () => {
  expect(page(2)).toContain("2 test pictures could not be judged. They are in no figure");
  expect(page(2)).toContain(
    "<td>test/&#60;1&#62;.png</td><td>good</td><td>12: the picture is too dark [PICTURE_INVALID]</td>",
  );
  expect(page(2)).not.toContain("more.");
});

it("does not list any number of them", () => {
  expect(page(53).match(/<tr><td>/g)).toHaveLength(50);
  expect(page(53)).toContain("And 3 more.");
});
