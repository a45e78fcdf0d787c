import { describe, expect, it } from "vitest";
import {
  formulaImage,
  hillMap,
  rampMap,
  reference,
  sha256,
} from "../../../../../fixtures/visualise/formulas.js";
import { resizeLinearMap } from "../image/resize-linear-map.js";
import { superimposeAnomalyMap } from "./superimpose.js";

const image = formulaImage(97, 61);
const ramp = rampMap(97, 61);
const unit = { ...ramp, data: ramp.data.map((v) => Math.min(Math.max(v, 0), 1)) };
const wild = { ...ramp, data: ramp.data.map((v) => v * 300) };

describe("Anomalib 0.7 with OpenCV 4.8 and NumPy 1.26, byte for byte", () => {
  const { cases, resized } = reference.heatMaps;
  it.each([
    ["unit", unit, {}],
    ["wrapping", ramp, {}],
    ["wild", wild, {}],
    ["normalized", ramp, { normalize: true }],
    ["alpha0.7gamma10", unit, { alpha: 0.7, gamma: 10 }],
  ] as const)("%s", (name, map, options) => {
    expect(sha256(superimposeAnomalyMap(map, image, options).data)).toBe(cases[name]);
  });

  it("the golden hill, resized", () => {
    const heat = superimposeAnomalyMap(resizeLinearMap(hillMap(), 400, 300), formulaImage(400, 300));
    const at = (row: number, column: number) =>
      Array.from(heat.data.subarray((row * 400 + column) * 3).subarray(0, 3));
    expect(resized.points.map(([row, column]: number[]) => at(row!, column!))).toEqual(resized.heat);
    expect(heat.data.reduce((sum, byte) => sum + byte, 0)).toBe(resized.heatSum);
    expect(sha256(heat.data)).toBe(resized.heatSha256);
  });
});

it("draws a flat map in the lowest colour when it is stretched", () => {
  const flat = { width: 1, height: 1, data: Float32Array.of(7) };
  const black = { width: 1, height: 1, channels: 3 as const, data: new Uint8Array(3) };
  expect(Array.from(superimposeAnomalyMap(flat, black, { alpha: 1, normalize: true }).data)).toEqual([
    0, 0, 128,
  ]);
});

it("shows the picture alone at alpha 0, and leaves it unchanged", () => {
  const before = image.data.slice();
  expect(superimposeAnomalyMap(unit, image, { alpha: 0 }).data).toEqual(before);
  expect(image.data).toEqual(before);
});

it.each([
  [rampMap(96, 61), {}, /97×61/],
  [ramp, { alpha: 1.1 }, /alpha/],
  [ramp, { alpha: Number.NaN }, /alpha/],
  [ramp, { gamma: 300 }, /gamma/],
])("refuses what does not fit", (map, options, message) => {
  expect(() => superimposeAnomalyMap(map, image, options)).toThrow(message);
});
