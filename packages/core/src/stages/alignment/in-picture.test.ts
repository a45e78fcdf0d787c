import { describe, expect, it } from "vitest";
import type { FloatMap, Mask } from "../image/image.js";
import type { Judgement, Region } from "../postprocess/result.js";
import { explanationInPicture, judgementInPicture, placeInReference } from "./in-picture.js";
import type { Pose } from "./pose.js";

const [WIDTH, HEIGHT] = [60, 40];
const region: Region = {
  box: [20, 10, 24, 12],
  area: 15,
  peak: { value: 0.9, x: 22, y: 11 },
  centroid: { x: 22, y: 11 },
  mean: 0.7,
  extent: { length: 5, width: 3, angle: 0 },
  touchesBorder: false,
};

function judged(): Judgement {
  const data = new Uint8Array(WIDTH * HEIGHT);
  for (let y = 10; y <= 12; y++) data.fill(1, y * WIDTH + 20, y * WIDTH + 25);
  const predMask: Mask = { width: WIDTH, height: HEIGHT, channels: 1, data };
  const anomalyMap: FloatMap = { width: WIDTH, height: HEIGHT, data: Float32Array.from(data) };
  const rawMap: FloatMap = { width: 30, height: 20, data: new Float32Array(600) };
  rawMap.data[5 * 30 + 11] = 4;
  return {
    verdict: "anomalous",
    predScore: 0.8,
    rawScore: 3,
    normalised: true,
    imageThreshold: 2,
    pixelThreshold: 2,
    predLabel: true,
    anomalyMap,
    rawMap,
    predMask,
    predBoxes: [region.box],
    boxLabels: [1],
    boxScores: [0.9],
    regions: [region],
    uncertainThreshold: null,
    filtered: [{ ...region, reason: "area" }],
    zones: null,
  };
}

describe("judgementInPicture", () => {
  it("moves everything by whole pixels exactly", () => {
    const pose: Pose = { width: WIDTH, height: HEIGHT, x: 6, y: -4, angle: 0 };
    const moved = judgementInPicture(judged(), pose);
    const [found] = moved.regions;
    expect(found).toEqual({
      ...region,
      box: [26, 6, 30, 8],
      peak: { value: 0.9, x: 28, y: 7 },
      centroid: { x: 28, y: 7 },
    });
    expect(moved.predBoxes).toEqual([[26, 6, 30, 8]]);
    expect(moved.filtered[0]).toMatchObject({ box: [26, 6, 30, 8], reason: "area" });
    for (let y = 0; y < HEIGHT; y++)
      for (let x = 0; x < WIDTH; x++) {
        const inside = x >= 26 && x <= 30 && y >= 6 && y <= 8 ? 1 : 0;
        expect(moved.predMask!.data[y * WIDTH + x]).toBe(inside);
        expect(moved.anomalyMap!.data[y * WIDTH + x]).toBeCloseTo(inside, 6);
      }
    expect(moved.rawMap!.data.indexOf(4)).toBe(3 * 30 + 14);
    expect([moved.predScore, moved.rawScore, moved.verdict]).toEqual([0.8, 3, "anomalous"]);
  });

  it("turns regions, and keeps boxes within the picture", () => {
    const pose: Pose = { width: WIDTH, height: HEIGHT, x: 0, y: 0, angle: Math.PI / 18 };
    const [found] = judgementInPicture(judged(), pose).regions;
    expect(found!.extent.angle).toBeCloseTo(10, 9);
    const [left, top, right, bottom] = found!.box;
    expect(left <= found!.centroid.x && found!.centroid.x <= right).toBe(true);
    expect(top <= found!.centroid.y && found!.centroid.y <= bottom).toBe(true);
    const far = judgementInPicture(judged(), { ...pose, x: 1000, y: -1000 });
    expect(far.regions[0]!.box).toEqual([59, 0, 59, 0]);
  });

  it("keeps angles in (−90, 90]", () => {
    const upright = { ...region, extent: { ...region.extent, angle: 85 } };
    const pose: Pose = { width: WIDTH, height: HEIGHT, x: 0, y: 0, angle: Math.PI / 18 };
    const [found] = judgementInPicture({ ...judged(), regions: [upright] }, pose).regions;
    expect(found!.extent.angle).toBeCloseTo(-85, 9);
  });

  it("leaves what is not there", () => {
    const pose: Pose = { width: WIDTH, height: HEIGHT, x: 1, y: 1, angle: 0 };
    const bare = {
      ...judged(),
      anomalyMap: null,
      rawMap: null,
      predMask: null,
      predBoxes: null,
      regions: [],
    };
    expect(judgementInPicture(bare, pose)).toMatchObject({
      anomalyMap: null,
      rawMap: null,
      predMask: null,
      predBoxes: null,
    });
  });
});

it("explanationInPicture moves shares of the sides", () => {
  const pose: Pose = { width: 100, height: 50, x: 10, y: 5, angle: 0 };
  const place = explanationInPicture({ x: 0.5, y: 0.5 }, pose);
  expect(place.x).toBeCloseTo(0.6, 12);
  expect(place.y).toBeCloseTo(0.6, 12);
  expect(explanationInPicture({ x: 0.99, y: 0 }, pose)).toEqual({ x: 1, y: 0.1 });
});

it("a place and back is the place, wherever the part lies", () => {
  const pose: Pose = { width: WIDTH, height: HEIGHT, x: 3.5, y: -2.25, angle: 0.1 };
  const place = { x: 0.4, y: 0.55 };
  const back = explanationInPicture(placeInReference(place, pose), pose);
  expect(back.x).toBeCloseTo(place.x, 9);
  expect(back.y).toBeCloseTo(place.y, 9);
  expect(placeInReference({ x: 0, y: 1 }, pose)).toEqual({ x: 0, y: 1 });
});
