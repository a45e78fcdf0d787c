import { describe, expect, it } from "vitest";
import { judged } from "../../../../../fixtures/visualise/judged.js";
import type { RgbImage } from "../image/image.js";
import { fullView } from "./full-view.js";
import { panelsOf } from "./panels.js";

/** Whether a picture stands somewhere on a sheet, unchanged. */
function holds(sheet: RgbImage, picture: RgbImage): boolean {
  const rows = (image: RgbImage, y: number, x: number, width: number) =>
    Buffer.from(image.data.buffer, image.data.byteOffset + (y * image.width + x) * 3, width * 3);
  const first = rows(picture, 0, 0, picture.width);
  for (let y = 0; y + picture.height <= sheet.height; y++) {
    const line = rows(sheet, y, 0, sheet.width);
    for (let at = line.indexOf(first); at >= 0; at = line.indexOf(first, at + 1)) {
      if (at % 3 !== 0) continue;
      const x = at / 3;
      const all = Array.from({ length: picture.height }, (_, row) => row);
      if (
        all.every((row) =>
          rows(picture, row, 0, picture.width).equals(rows(sheet, y + row, x, picture.width)),
        )
      )
        return true;
    }
  }
  return false;
}

describe.each([
  [64, 48],
  [900, 900],
  [1600, 400],
  [200, 1000],
  [1, 1],
])("of a %d×%d picture", (width, height) => {
  const result = judged({}, width, height);
  it.each(["classification", "segmentation", "detection"] as const)(
    "shows every panel of %s whole",
    (task) => {
      const sheet = fullView(result, task);
      for (const { title, picture } of panelsOf(result, task))
        expect(holds(sheet, picture), title).toBe(true);
      expect(sheet.data).toHaveLength(sheet.width * sheet.height * 3);
      // A sheet fits a screen: never a strip, never huge.
      expect(Math.max(sheet.width, sheet.height)).toBeLessThan(2600);
      expect(sheet.width / sheet.height).toBeGreaterThan(0.6);
      expect(sheet.width / sheet.height).toBeLessThan(3.6);
    },
  );
});

it("has a white border and the verdict's colour in its head", () => {
  const border = (sheet: RgbImage) =>
    sheet.data.subarray(0, sheet.width * 3 * 20).every((value) => value === 255);
  const colour = (sheet: RgbImage) =>
    Array.from(sheet.data.subarray((60 * sheet.width + 40) * 3).subarray(0, 3));
  const bad = fullView(judged(), "classification");
  const good = fullView(judged({ predLabel: false, verdict: "good" }), "classification");
  expect([border(bad), border(good)]).toEqual([true, true]);
  expect(colour(bad)).toEqual([255, 100, 100]);
  expect(colour(good)).toEqual([225, 252, 134]);
});

it("works without map and mask", () => {
  const bare = judged({ anomalyMap: null, predMask: null, predBoxes: null, boxLabels: null, regions: [] });
  for (const task of ["classification", "segmentation", "detection"] as const)
    expect(holds(fullView(bare, task), panelsOf(bare, task)[0]!.picture)).toBe(true);
});
