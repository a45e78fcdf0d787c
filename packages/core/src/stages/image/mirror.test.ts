import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pixelOf, smallPictures } from "../../../../../tests/support/arbitrary-picture.js";
import { mirror } from "./mirror.js";

describe("mirror", () => {
  it("puts every pixel where a mirror shows it, and twice gives the picture back", () => {
    fc.assert(
      fc.property(smallPictures, fc.boolean(), fc.boolean(), (image, acrossWidth, acrossHeight) => {
        const before = image.data.slice();
        const axes = { acrossWidth, acrossHeight };
        const mirrored = mirror(image, axes);
        for (let y = 0; y < image.height; y++)
          for (let x = 0; x < image.width; x++)
            expect(pixelOf(mirrored, x, y)).toEqual(
              pixelOf(image, acrossWidth ? image.width - 1 - x : x, acrossHeight ? image.height - 1 - y : y),
            );
        expect(mirror(mirrored, axes)).toEqual(image);
        expect(image.data).toEqual(before);
      }),
    );
  });
});
