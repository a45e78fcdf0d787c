import { expect, it } from "vitest";
import { rasterise } from "../region/rasterise.js";
import { dimUnjudged } from "./dim-unjudged.js";

it("darkens what is not judged, outlines what is, and leaves the rest and the picture alone", () => {
  const image = { width: 9, height: 7, channels: 3 as const, data: new Uint8Array(189).fill(200) };
  const judged = rasterise([{ type: "rectangle", x: 2, y: 1, width: 7, height: 4 }], 9, 7);
  const { data } = dimUnjudged(image, judged);
  const at = (x: number, y: number) => data[3 * (y * 9 + x)];
  expect(at(0, 0)).toBe(85);
  expect(at(2, 2)).toBe(255);
  expect(at(4, 4)).toBe(255);
  expect(at(4, 2)).toBe(200);
  // The border of the picture is no edge.
  expect(at(8, 2)).toBe(200);
  expect(image.data.every((value) => value === 200)).toBe(true);
});
