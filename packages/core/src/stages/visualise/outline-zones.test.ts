import { expect, it } from "vitest";
import type { Mask, RgbImage } from "../image/image.js";
import { outlineZones } from "./outline-zones.js";

const image: RgbImage = { width: 4, height: 3, channels: 3, data: new Uint8Array(36).fill(55) };
const labelled = (...data: number[]): Mask => ({
  width: 4,
  height: 3,
  channels: 1,
  data: Uint8Array.from(data),
});
const drawn = (labels: Mask) => {
  const { data } = outlineZones(image, labels);
  return Array.from({ length: 12 }, (_, at) => data[3 * at]);
};

it("lightens the pixel before each change of the zone, and no other", () => {
  const labels = labelled(1, 1, 2, 2, 1, 1, 2, 2, 0, 0, 0, 0);
  const [line, own] = [155, 55];
  expect(drawn(labels)).toEqual([own, line, own, own, line, line, line, line, own, own, own, own]);
  expect(image.data.every((value) => value === 55)).toBe(true);
});

it("draws nothing where there is one zone", () => {
  expect(drawn(labelled(...new Array<number>(12).fill(1)))).toEqual(new Array<number>(12).fill(55));
});
