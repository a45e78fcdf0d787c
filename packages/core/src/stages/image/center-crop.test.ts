import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { noiseRgb } from "../../../../../tests/support/noise.js";
import { readReference, sha256 } from "../../../../../tests/support/resample-reference.js";
import { centerCrop } from "./center-crop.js";

interface CropFixture {
  readonly centerCrop: readonly {
    from: [number, number];
    to: [number, number];
    seed: number;
    sha256: string;
  }[];
}

test.each(readReference<CropFixture>("preprocess").centerCrop)(
  "albumentations' crop of $from to $to",
  (crop) => {
    expect(sha256(centerCrop(noiseRgb(...crop.from, crop.seed), ...crop.to).data)).toBe(crop.sha256);
  },
);

test("every pixel of the crop is the picture's pixel at the offset, and the rest is cut evenly", () => {
  const side = fc.integer({ min: 1, max: 20 });
  fc.assert(
    fc.property(side, side, side, side, (width, height, moreX, moreY) => {
      const picture = noiseRgb(width + moreX, height + moreY, width);
      const crop = centerCrop(picture, width, height);
      const left = Math.floor(moreX / 2);
      const top = Math.floor(moreY / 2);
      crop.data.forEach((value, index) => {
        const x = Math.floor(index / 3) % width;
        const y = Math.floor(index / 3 / width);
        expect(value).toBe(picture.data[((y + top) * picture.width + x + left) * 3 + (index % 3)]);
      });
    }),
  );
});

test("the whole picture is the same object", () => {
  const picture = noiseRgb(4, 3, 1);
  expect(centerCrop(picture, 4, 3)).toBe(picture);
});

describe("bad input", () => {
  test.each([
    [5, 3],
    [4, 4],
  ])("a crop of %i × %i does not fit into 4 × 3", (width, height) => {
    const crop = () => centerCrop(noiseRgb(4, 3, 1), width, height);
    expect(crop).toThrow(expect.objectContaining({ code: "IMAGE_TOO_SMALL" }));
    expect(crop).toThrow(`expected at least ${width} × ${height} pixels, found 4 × 3`);
  });

  test.each([0, 1.5, Number.NaN])("a side of %s is refused", (side) => {
    expect(() => centerCrop(noiseRgb(4, 3, 1), side, 2)).toThrow(
      expect.objectContaining({ code: "OPTION_VALUE" }),
    );
  });
});
