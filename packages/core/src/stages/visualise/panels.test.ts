import { describe, expect, it } from "vitest";
import { fingerprint } from "../../../../../fixtures/visualise/formulas.js";
import { judged } from "../../../../../fixtures/visualise/judged.js";
import { heatMapOf } from "./heat-map.js";
import { markBoundaries } from "./mark-boundaries.js";
import { panelSize, panelsOf } from "./panels.js";

const titles = (...args: Parameters<typeof panelsOf>) => panelsOf(...args).map(({ title }) => title);

it("stand in Anomalib's order", () => {
  expect(titles(judged(), "classification")).toEqual(["Image", "Predicted Heat Map", "Prediction"]);
  expect(titles(judged(), "segmentation")).toEqual([
    "Image",
    "Predicted Heat Map",
    "Predicted Mask",
    "Segmentation Result",
  ]);
  expect(titles(judged(), "detection")).toEqual(["Image", "Predicted Heat Map", "Predictions"]);
});

it("leave out what the result lacks", () => {
  const bare = judged({ anomalyMap: null, predMask: null });
  expect(titles(bare, "classification")).toEqual(["Image", "Prediction"]);
  expect(titles(bare, "segmentation")).toEqual(["Image"]);
});

it("are the simple pictures where nothing is scaled", () => {
  const result = judged({}, 480, 480);
  const [image, heat, mask, outline] = panelsOf(result, "segmentation");
  expect(fingerprint(image!.picture)).toBe(fingerprint(result.image));
  expect(fingerprint(heat!.picture)).toBe(fingerprint(heatMapOf(result, result.image)!));
  expect(Array.from(mask!.picture.data.subarray(0, 3))).toEqual([0, 0, 0]);
  expect(mask!.picture.data.filter((value) => value === 255)).toHaveLength(
    3 * result.predMask!.data.filter((bit) => bit === 1).length,
  );
  expect(fingerprint(outline!.picture)).toBe(fingerprint(markBoundaries(result.image, result.predMask!)));
});

it("keep a one-pixel region visible in the outline of a large picture", () => {
  const result = judged({}, 2000, 2000);
  const mask = { ...result.predMask!, data: new Uint8Array(4_000_000) };
  mask.data[1000 * 2000 + 1000] = 1;
  const outline = panelsOf({ ...result, predMask: mask }, "segmentation").at(-1)!.picture.data;
  const red = (i: number) => outline[i] === 255 && outline[i + 1] === 0 && outline[i + 2] === 0;
  let reds = 0;
  for (let i = 0; i < outline.length; i += 3) if (red(i)) reds++;
  expect(reds).toBeGreaterThan(4);
});

it("take the regions' boxes when there are none of detection", () => {
  const drawn = (change: Parameters<typeof judged>[0]) =>
    fingerprint(panelsOf(judged(change), "detection").at(-1)!.picture);
  expect(drawn({ predBoxes: null, boxLabels: null })).toBe(drawn({}));
  expect(drawn({ boxLabels: [0, 1] })).not.toBe(drawn({}));
});

describe("size", () => {
  it.each([
    [900, 900, 480, 480],
    [64, 48, 554, 416],
    [4000, 1000, 960, 240],
    [300, 1500, 144, 720],
    [1, 1, 480, 480],
    [1, 100000, 1, 720],
  ])("of %d×%d is %d×%d", (width, height, shownWidth, shownHeight) => {
    expect(panelSize(width, height)).toEqual({ width: shownWidth, height: shownHeight });
  });
});
