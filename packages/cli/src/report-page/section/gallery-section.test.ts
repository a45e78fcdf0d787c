import { expect, it } from "vitest";
import { plainReport, plainTest } from "../../../../../tests/support/plain-report.js";
import type { ReportPicture } from "../report-data.js";
import { gallerySection, suspectsSection } from "./gallery-section.js";

const picture = (score: number): ReportPicture => ({
  path: "a.png",
  set: "training",
  label: "good",
  defect: "",
  score,
  image: "data:image/png;base64,AA==",
  map: null,
  mask: null,
});

it("says when only some of the tested pictures are in the page", () => {
  const test = plainTest(10, [1, 2, 3], {});
  expect(gallerySection(plainReport({ gallery: [picture(1)], test }))).toContain(
    "1 of 3 tested pictures are kept",
  );
  expect(gallerySection(plainReport({ gallery: [1, 2, 3].map(picture), test }))).not.toContain("are kept");
});

it("says how many suspects reach the threshold", () => {
  const text = (...scores: number[]) => suspectsSection(plainReport({ suspects: scores.map(picture) }));
  expect(text(200, 191, 190)).toContain("2 of them reach the threshold 191.");
  expect(text(195, 190)).toContain("One of them reaches the threshold 191.");
  expect(text(190)).toContain("None of them reaches the threshold.");
});

it("is left out without pictures", () => {
  expect([gallerySection(plainReport()), suspectsSection(plainReport())]).toEqual(["", ""]);
});
