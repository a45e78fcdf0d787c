import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../random.js";
import type { RgbImage } from "./image.js";
import { mirror } from "./mirror.js";

const side = fc.integer({ min: 1, max: 12 });
const pictures = fc
  .tuple(side, side, fc.integer({ min: 0, max: 1e9 }))
  .map(([width, height, seed]): RgbImage => {
    const random = seededRandom(seed);
    return {
      width,
      height,
      channels: 3,
      data: Uint8Array.from({ length: 3 * width * height }, () => random.int(256)),
    };
  });
const pixel = ({ width, data }: RgbImage, x: number, y: number) => [
  ...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3),
];

describe("mirror", () => {
  it("puts every pixel where a mirror shows it, and twice gives the picture back", () => {
    fc.assert(
      fc.property(pictures, fc.boolean(), fc.boolean(), (image, acrossWidth, acrossHeight) => {
        const before = image.data.slice();
        const axes = { acrossWidth, acrossHeight };
        const mirrored = mirror(image, axes);
        for (let y = 0; y < image.height; y++)
          for (let x = 0; x < image.width; x++)
            expect(pixel(mirrored, x, y)).toEqual(
              pixel(image, acrossWidth ? image.width - 1 - x : x, acrossHeight ? image.height - 1 - y : y),
            );
        expect(mirror(mirrored, axes)).toEqual(image);
        expect(image.data).toEqual(before);
      }),
    );
  });
});
