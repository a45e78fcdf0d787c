import { JET } from "@blemish/core";
import { expect, it } from "vitest";
import { plainReport } from "../../../../../tests/support/plain-report.js";
import { runPageScript } from "../../../../../tests/support/run-page-script.js";
import { pageData } from "../page-data.js";
import { SAFE_COLOURS } from "../safe-colours.js";
import { BASICS_SCRIPT } from "./basics-script.js";
import { PICTURE_SCRIPT } from "./picture-script.js";

const calibration = { ...plainReport().calibration, pixelThreshold: 20 };
const page = (mapRange: { min: number; max: number } | null) =>
  runPageScript([BASICS_SCRIPT, PICTURE_SCRIPT], pageData(plainReport({ calibration, mapRange })));

it("unpacks both colour tables as they were", () => {
  const run = page(null);
  expect(run("Array.from(colourTables.safe)")).toEqual([...SAFE_COLOURS]);
  expect(run("Array.from(colourTables.jet)")).toEqual([...JET]);
});

it("knows from which byte of a map a pixel counts as anomalous", () => {
  expect(page({ min: 0, max: 40 })("pixelLevel()")).toBe(127.5);
  expect(page({ min: 10, max: 20 })("pixelLevel()")).toBe(255);
  expect(page(null)("pixelLevel()")).toBeNull();
});

it("shows all pictures alike, with colours for any eyes at first", () => {
  const run = page(null);
  run("let told = 0; viewFollowers.push(function () { told++; }); setView({ mode: 'masks' })");
  expect(run("[told, view.mode, view.colours]")).toEqual([1, "masks", "safe"]);
});
