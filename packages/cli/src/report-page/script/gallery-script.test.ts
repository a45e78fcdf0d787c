import { describe, expect, it } from "vitest";
import { plainReport } from "../../../../../tests/support/plain-report.js";
import { runPageScript } from "../../../../../tests/support/run-page-script.js";
import { pageData } from "../page-data.js";
import type { ReportPicture } from "../report-data.js";
import { BASICS_SCRIPT } from "./basics-script.js";
import { GALLERY_SCRIPT } from "./gallery-script.js";
import { PICTURE_SCRIPT } from "./picture-script.js";

const picture = (path: string, label: "good" | "anomalous", score: number, defect = ""): ReportPicture => ({
  path,
  set: "test",
  label,
  defect,
  score,
  image: "",
  map: null,
  mask: null,
});
const gallery = [
  picture("good/b", "good", 3),
  picture("good/a", "good", 12),
  picture("dent/c", "anomalous", 9, "dent"),
  picture("dent/d", "anomalous", 2, "dent"),
  picture("stain/e", "anomalous", 30, "stain"),
  { ...picture("train/f", "good", 11), set: "training" as const },
];
const calibration = { ...plainReport().calibration, imageThreshold: 10 };
const run = runPageScript(
  [BASICS_SCRIPT, PICTURE_SCRIPT, GALLERY_SCRIPT],
  pageData(plainReport({ calibration, gallery })),
);
const open = { order: "name", outcome: "all", kind: "all", set: "all", text: "" };
const chosen = (filter: object) =>
  run(
    `chosenPictures(data.gallery, Object.assign({ from: -Infinity, to: Infinity }, ${JSON.stringify({ ...open, ...filter })})).map(function (one) { return one.path.split("/")[1]; }).join("")`,
  );

describe("order", () => {
  it.each([
    ["name", "cdabef"],
    ["high", "eafcbd"],
    ["low", "dbcfae"],
    ["near", "cfabde"],
    ["mistakes", "dacfbe"],
  ])("%s", (order, paths) => expect(chosen({ order })).toBe(paths));
});

describe("filters", () => {
  it.each([
    [{ outcome: "mistakes" }, "cdaf"],
    [{ outcome: "escape" }, "cd"],
    [{ outcome: "alarm" }, "af"],
    [{ outcome: "right" }, "be"],
    [{ kind: "dent" }, "cd"],
    [{ kind: "good" }, "abf"],
    [{ set: "training" }, "f"],
    [{ text: "STAIN" }, "e"],
    [{ from: 9, to: 12 }, "caf"],
    [{ kind: "stain", outcome: "mistakes" }, ""],
  ])("%j", (filter, paths) => expect(chosen(filter)).toBe(paths));
});

it("follows the threshold", () => {
  expect(run("setThreshold(20); data.gallery.map(outcome)")).toEqual([
    "right",
    "right",
    "escape",
    "escape",
    "right",
    "right",
  ]);
});

it("calls nothing anomalous without a threshold", () => {
  const page = pageData(
    plainReport({ calibration: { ...calibration, imageThreshold: Number.NaN }, gallery }),
  );
  const run = runPageScript([BASICS_SCRIPT, PICTURE_SCRIPT, GALLERY_SCRIPT], page);
  expect(run("data.gallery.map(function (one) { return verdictAt(one.score); }).includes('anomalous')")).toBe(
    false,
  );
});

it("calls no training picture right or wrong", () => {
  expect(run("setThreshold(10); data.gallery.map(outcomeText)")).toEqual([
    "Right",
    "False alarm",
    "Escape",
    "Escape",
    "Right",
    "Over threshold",
  ]);
});

it("tells uncertain pictures from right and wrong ones", () => {
  const grey = { ...calibration, uncertain: { threshold: 8, askedRate: 0.2 } };
  const page = pageData(plainReport({ calibration: grey, gallery }));
  const run = runPageScript([BASICS_SCRIPT, PICTURE_SCRIPT, GALLERY_SCRIPT], page);
  expect(run("data.gallery.map(outcomeText)")).toEqual([
    "Right",
    "False alarm",
    "Uncertain",
    "Escape",
    "Right",
    "Over threshold",
  ]);
});
