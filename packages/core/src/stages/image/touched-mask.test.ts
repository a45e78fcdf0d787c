import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Mask } from "./image.js";
import { touchedMask, widenedMask } from "./touched-mask.js";

const side = fc.integer({ min: 1, max: 12 });
const masks = fc
  .tuple(side, side)
  .chain(([width, height]) =>
    fc
      .array(fc.constantFrom(0, 0, 0, 1), { minLength: width * height, maxLength: width * height })
      .map((values): Mask => ({ width, height, channels: 1, data: Uint8Array.from(values) })),
  );

const set = ({ data }: Mask) => data.reduce((sum, value) => sum + value, 0);

describe("touchedMask", () => {
  it("is set exactly where a set pixel overlaps", () => {
    fc.assert(
      fc.property(masks, side, side, (mask, width, height) => {
        const found = touchedMask(mask, width, height);
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++) {
            let touched = false;
            for (let v = 0; v < mask.height; v++)
              for (let u = 0; u < mask.width; u++) {
                // Overlap of (x, x + 1) · mask.width with (u, u + 1) · width, in whole numbers.
                const across = x * mask.width < (u + 1) * width && u * width < (x + 1) * mask.width;
                const down = y * mask.height < (v + 1) * height && v * height < (y + 1) * mask.height;
                if (across && down && mask.data[v * mask.width + u] === 1) touched = true;
              }
            expect(found.data[y * width + x]).toBe(touched ? 1 : 0);
          }
      }),
    );
  });

  it("keeps the same size as it is, and a single pixel on a coarse grid", () => {
    const data = new Uint8Array(100 * 100);
    data[57 * 100 + 33] = 255;
    const mask: Mask = { width: 100, height: 100, channels: 1, data };
    expect(set(touchedMask(mask, 4, 4))).toBe(1);
    expect(touchedMask(mask, 4, 4).data[2 * 4 + 1]).toBe(1);
    expect(touchedMask(mask, 100, 100).data[57 * 100 + 33]).toBe(1);
    expect(set(touchedMask(mask, 100, 100))).toBe(1);
  });
});

describe("widenedMask", () => {
  it("is set exactly at most so many columns and rows from a set pixel", () => {
    fc.assert(
      fc.property(masks, fc.integer({ min: 0, max: 5 }), (mask, margin) => {
        const { width, height, data } = mask;
        const found = widenedMask(mask, margin);
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++) {
            const near = Array.from(data.keys()).some(
              (at) =>
                data[at] === 1 &&
                Math.abs((at % width) - x) <= margin &&
                Math.abs(Math.floor(at / width) - y) <= margin,
            );
            expect(found.data[y * width + x]).toBe(near ? 1 : 0);
          }
      }),
    );
  });
});
