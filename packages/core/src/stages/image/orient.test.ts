import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Raster8 } from "./image.js";
import { orient } from "./orient.js";

const rasters = fc
  .record({
    width: fc.integer({ min: 1, max: 9 }),
    height: fc.integer({ min: 1, max: 9 }),
    channels: fc.constantFrom(1, 3),
  })
  .chain(({ width, height, channels }) => {
    const length = width * height * channels;
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((data): Raster8 => ({ width, height, channels, data }));
  });

/** The orientation that undoes each one. */
const INVERSE = [0, 1, 2, 3, 4, 5, 8, 7, 6];

describe("orient", () => {
  it("is undone by its inverse, keeps all pixels and leaves its input alone", () => {
    fc.assert(
      fc.property(rasters, fc.integer({ min: 1, max: 8 }), (image, orientation) => {
        const before = image.data.slice();
        const turned = orient(image, orientation);
        expect(orient(turned, INVERSE[orientation])).toEqual(image);
        expect([...turned.data].sort()).toEqual([...before].sort());
        expect(image.data).toEqual(before);
        expect([turned.width, turned.height]).toEqual(
          orientation < 5 ? [image.width, image.height] : [image.height, image.width],
        );
      }),
    );
  });

  // EXIF 2.32, tag 274: which side of the shown picture row 0 and column 0 of the stored one are.
  it.each([
    [1, ["ab", "cd", "ef"]],
    [2, ["ba", "dc", "fe"]],
    [3, ["fe", "dc", "ba"]],
    [4, ["ef", "cd", "ab"]],
    [5, ["ace", "bdf"]],
    [6, ["eca", "fdb"]],
    [7, ["fdb", "eca"]],
    [8, ["bdf", "ace"]],
  ])("shows orientation %i as the standard draws it", (orientation, rows) => {
    const stored = Uint8Array.from("abcdef", (letter) => letter.charCodeAt(0));
    const turned = orient({ width: 2, height: 3, channels: 1, data: stored }, orientation);
    expect(String.fromCharCode(...turned.data)).toBe(rows.join(""));
    expect(turned.width).toBe(rows[0].length);
  });

  it.each([0, 1, 9, -3, 2.5, Number.NaN])("gives the picture itself for %d", (orientation) => {
    const image = { width: 1, height: 2, channels: 1, data: Uint8Array.of(1, 2) };
    expect(orient(image, orientation)).toBe(image);
  });
});
