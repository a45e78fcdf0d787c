import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noiseMask } from "../../../../../tests/support/noise.js";
import type { Mask } from "./image.js";
import { resizeLinear } from "./resize-linear.js";
import { resizeMask } from "./resize-mask.js";

const side = fc.integer({ min: 1, max: 40 });

describe("resizeMask", () => {
  it("gives the bytes of resizeLinear, wherever the mask is filled", () => {
    fc.assert(
      fc.property(
        side,
        side,
        side,
        side,
        side,
        side,
        fc.nat(),
        (width, height, toWidth, toHeight, top, rows, seed) => {
          const noise = noiseMask(width, height, 1, seed);
          const data = noise.data.map((value, at) => {
            const y = Math.floor(at / width);
            return y >= top && y < top + rows ? value : 0;
          });
          const mask: Mask = { width, height, channels: 1, data };
          expect(resizeMask(mask, toWidth, toHeight)).toEqual(resizeLinear(mask, toWidth, toHeight));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("takes a single row or nothing at all", () => {
    for (const row of [0, 3, 6, 9]) {
      const data = new Uint8Array(7 * 7).fill(1, row * 7, (row + 1) * 7);
      const mask: Mask = { width: 7, height: 7, channels: 1, data };
      expect(resizeMask(mask, 20, 31)).toEqual(resizeLinear(mask, 20, 31));
    }
  });

  it("refuses what resizeLinear refuses", () => {
    const mask: Mask = { width: 2, height: 2, channels: 1, data: new Uint8Array(3) };
    expect(() => resizeMask(mask, 4, 4)).toThrow(expect.objectContaining({ code: "IMAGE_PIXELS" }));
    expect(() => resizeMask({ ...mask, data: new Uint8Array(4) }, 0, 4)).toThrow(
      expect.objectContaining({ code: "OPTION_VALUE" }),
    );
  });
});
