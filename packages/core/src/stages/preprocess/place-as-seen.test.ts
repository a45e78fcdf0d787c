import { describe, expect, it } from "vitest";
import type { Mask } from "../image/image.js";
import { placeAsSeen } from "./place-as-seen.js";
import type { PreprocessStep } from "./steps.js";

function dot(x: number, y: number): Mask {
  const data = new Uint8Array(200 * 100);
  data[y * 200 + x] = 1;
  return { width: 200, height: 100, channels: 1, data };
}

const places = ({ data, width }: Mask) =>
  Array.from(data.keys())
    .filter((at) => data[at] === 1)
    .map((at) => [at % width, Math.floor(at / width)]);

const RESIZE: PreprocessStep = { type: "resize", width: 50, height: 50, interpolation: "linear" };
const CROP: PreprocessStep = { type: "centerCrop", width: 20, height: 20 };

describe("placeAsSeen", () => {
  it("keeps a single pixel through a resize", () => {
    expect(places(placeAsSeen(dot(101, 50), [RESIZE], { width: 50, height: 50 }))).toEqual([[25, 25]]);
    expect(places(placeAsSeen(dot(199, 99), [RESIZE], { width: 10, height: 10 }))).toEqual([[9, 9]]);
  });

  it("goes through a crop, and is empty when the crop cuts it off", () => {
    const size = { width: 20, height: 20 };
    expect(places(placeAsSeen(dot(101, 50), [RESIZE, CROP], size))).toEqual([[10, 10]]);
    expect(places(placeAsSeen(dot(0, 0), [RESIZE, CROP], size))).toEqual([]);
  });

  it("is on the map without steps", () =>
    expect(places(placeAsSeen(dot(0, 0), [], { width: 2, height: 1 }))).toEqual([[0, 0]]));
});
