import { expect, it } from "vitest";
import { judged } from "../../../../../fixtures/visualise/judged.js";
import { heatMapOf, heatMapThreshold } from "./heat-map.js";
import { superimposeAnomalyMap } from "./superimpose.js";

it("draws a normalised map as Anomalib does", () => {
  const result = judged();
  expect(heatMapOf(result, result.image)).toEqual(superimposeAnomalyMap(result.anomalyMap!, result.image));
});

it("draws a raw map on a scale where the pixel threshold is 0.5, without wrapping", () => {
  const raw = judged({ normalised: false, pixelThreshold: 4, imageThreshold: 5 });
  const values = Float32Array.from(raw.anomalyMap!.data, (_, i) => [-1, 0, 4, 6, 8, 300][i % 6]!);
  const scaled = Float32Array.from(values, (_, i) => [0, 0, 0.5, 0.75, 1, 1][i % 6]!);
  const heat = heatMapOf({ ...raw, anomalyMap: { ...raw.anomalyMap!, data: values } }, raw.image);
  expect(heat).toEqual(superimposeAnomalyMap({ ...raw.anomalyMap!, data: scaled }, raw.image));
});

it("falls back to the image threshold", () => {
  expect(heatMapThreshold(judged({ pixelThreshold: null, imageThreshold: 5 }))).toBe(5);
  expect(heatMapThreshold(judged({ pixelThreshold: 4, imageThreshold: 5 }))).toBe(4);
});

it("shows everything above 0 as over a threshold of 0", () => {
  const raw = judged({ normalised: false, pixelThreshold: 0 });
  const map = { width: 2, height: 1, data: Float32Array.of(0, 1e-9) };
  const image = { width: 2, height: 1, channels: 3 as const, data: new Uint8Array(6) };
  const ends = { ...map, data: Float32Array.of(0, 1) };
  expect(heatMapOf({ ...raw, anomalyMap: map }, image)).toEqual(superimposeAnomalyMap(ends, image));
});

it("is null without a map", () => {
  expect(heatMapOf(judged({ anomalyMap: null }), judged().image)).toBeNull();
});
