import { expect, it } from "vitest";
import { zonesInPicture } from "./zones-in-picture.js";

const rows = (data: Uint8Array, width: number) =>
  Array.from({ length: data.length / width }, (_, y) => data.subarray(y * width, (y + 1) * width).join(""));

/** A map of 4 × 2: the left column is the first zone, the two right ones the second. */
const ZONES = [{ runs: [0, 1, 4, 5] }, { runs: [2, 4, 6, 8] }];
const MAP = { width: 4, height: 2 };

it("every pixel of the picture has the zone of the map pixel that it lies in", () => {
  const size = { width: 8, height: 2 };
  const found = zonesInPicture(ZONES, MAP, { x: 0, y: 0, ...size }, size);
  expect(found).toMatchObject({ ...size, channels: 1 });
  expect(rows(found.data, 8)).toEqual(["11002222", "11002222"]);
});

it("what lies outside of the view is in none", () => {
  const view = { x: 1, y: 1, ...MAP };
  const found = zonesInPicture(ZONES, MAP, view, { width: 6, height: 4 });
  expect(rows(found.data, 6)).toEqual(["000000", "010220", "010220", "000000"]);
});

it("a picture smaller than the map has the zones at its pixels' centres", () => {
  const size = { width: 2, height: 1 };
  expect(rows(zonesInPicture(ZONES, MAP, { x: 0, y: 0, ...size }, size).data, 2)).toEqual(["02"]);
});
