import fc from "fast-check";
import { expect, it } from "vitest";
import { noiseRgb } from "../../../../../tests/support/noise.js";
import { cropAt } from "./crop-at.js";

const picture = noiseRgb(9, 7, 3);

it("holds the pixels of the rectangle", () => {
  const rectangles = fc.tuple(fc.nat(8), fc.nat(6)).chain(([x, y]) =>
    fc.record({
      x: fc.constant(x),
      y: fc.constant(y),
      width: fc.integer({ min: 1, max: 9 - x }),
      height: fc.integer({ min: 1, max: 7 - y }),
    }),
  );
  fc.assert(
    fc.property(rectangles, (rectangle) => {
      const { x, y, width, height } = rectangle;
      const cut = cropAt(picture, rectangle);
      expect(cut).toMatchObject({ width, height, channels: 3 });
      cut.data.forEach((value, i) => {
        const [column, row] = [Math.floor(i / 3) % width, Math.floor(i / (3 * width))];
        expect(value).toBe(picture.data[3 * ((y + row) * 9 + x + column) + (i % 3)]);
      });
    }),
  );
});

it("is the picture itself when the rectangle is all of it", () =>
  expect(cropAt(picture, { x: 0, y: 0, width: 9, height: 7 })).toBe(picture));

it.each([
  { x: -1, y: 0, width: 3, height: 3 },
  { x: 7, y: 0, width: 3, height: 3 },
  { x: 0, y: 5, width: 3, height: 3 },
])("refuses %j", (rectangle) =>
  expect(() => cropAt(picture, rectangle)).toThrow(expect.objectContaining({ code: "IMAGE_TOO_SMALL" })),
);
