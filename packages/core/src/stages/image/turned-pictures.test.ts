import { describe, expect, it } from "vitest";
import { seededRandom } from "../../random.js";
import type { RgbImage } from "./image.js";
import { mirror } from "./mirror.js";
import { turnFiveDegrees } from "./turn-five-degrees.js";
import { turnedPictures } from "./turned-pictures.js";

const random = seededRandom(3);
const image: RgbImage = {
  width: 23,
  height: 17,
  channels: 3,
  data: Uint8Array.from({ length: 3 * 23 * 17 }, () => random.int(256)),
};

describe("turnedPictures", () => {
  it("gives eight different pictures of the same size, none the picture itself, and leaves that alone", () => {
    const before = image.data.slice();
    const variants = turnedPictures(image);
    expect(variants.map(({ width, height, data }) => [width, height, data.length])).toEqual(
      Array.from({ length: 8 }, () => [23, 17, 3 * 23 * 17]),
    );
    expect(new Set([image, ...variants].map(({ data }) => data.join())).size).toBe(9);
    expect(image.data).toEqual(before);
  });

  it("gives them in the order of its description", () => {
    const [left, top, both, clockwise, counter, ...rest] = turnedPictures(image) as [
      ...[RgbImage, RgbImage, RgbImage, RgbImage, RgbImage],
      ...RgbImage[],
    ];
    expect(left).toEqual(mirror(image, { acrossWidth: true, acrossHeight: false }));
    expect(top).toEqual(mirror(image, { acrossWidth: false, acrossHeight: true }));
    expect(both).toEqual(mirror(image, { acrossWidth: true, acrossHeight: true }));
    expect([clockwise, counter]).toEqual([turnFiveDegrees(image, 1), turnFiveDegrees(image, -1)]);
    expect(rest).toEqual([turnFiveDegrees(left, 1), turnFiveDegrees(top, -1), turnFiveDegrees(both, 1)]);
  });

  it("keeps a picture of one pixel and one of a single colour as they are", () => {
    const dot: RgbImage = { width: 1, height: 1, channels: 3, data: Uint8Array.of(1, 2, 3) };
    expect(turnedPictures(dot)).toEqual(Array.from({ length: 8 }, () => dot));
    const grey: RgbImage = { ...image, data: new Uint8Array(image.data.length).fill(99) };
    expect(turnedPictures(grey)).toEqual(Array.from({ length: 8 }, () => grey));
  });
});
