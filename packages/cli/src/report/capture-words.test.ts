import { expect, it } from "vitest";
import { captureRows } from "./capture-words.js";

it("has a row for each thing that is known", () => {
  expect(captureRows()).toEqual([]);
  expect(captureRows({})).toEqual([]);
  expect(captureRows({ range: { min: 0, max: 4095 }, bayer: "rggb", millimetresPerPixel: 0.05 })).toEqual([
    ["Samples", "0 is black, 4095 is white"],
    ["Colour filter", "raw frames, rggb"],
    ["Pixel", "0.05 mm on the part"],
  ]);
});
