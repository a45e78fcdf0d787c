import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formulaMap, noisePicture } from "../../../../../tests/support/noise.js";
import { describeResampler, readReference } from "../../../../../tests/support/resample-reference.js";
import type { Mask } from "./image.js";
import { resizeArea } from "./resize-area.js";
import { resizeLinear } from "./resize-linear.js";

describeResampler("linear", resizeLinear);

interface FormulaMask {
  readonly formula: {
    readonly mask: { readonly ones: number; readonly first: number[]; readonly last: number[] };
  };
}

describe("linear", () => {
  test("the golden mask, 256 × 256 to 400 × 300, stays 0/1 and has OpenCV's pixels", () => {
    const { ones, first, last } = readReference<FormulaMask>("linear-map").formula.mask;
    const map = formulaMap();
    const data = Uint8Array.from(map.data, (value) => (value >= 0.5 ? 1 : 0));
    const mask: Mask = { width: 256, height: 256, channels: 1, data };
    const result = resizeLinear(mask, 400, 300);
    const spot = (index: number) => [Math.floor(index / 400), index % 400];
    expect(new Set(result.data)).toEqual(new Set([0, 1]));
    expect(result.data.filter((value) => value === 1).length).toBe(ones);
    expect(spot(result.data.indexOf(1))).toEqual(first);
    expect(spot(result.data.lastIndexOf(1))).toEqual(last);
  });

  test("an exact halving of both sides is area averaging", () => {
    const size = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(size, size, fc.integer({ min: 1, max: 4 }), fc.nat(), (width, height, channels, seed) => {
        const picture = noisePicture(2 * width, 2 * height, channels, seed);
        expect(resizeLinear(picture, width, height)).toEqual(resizeArea(picture, width, height));
      }),
    );
  });

  test("does not antialias: of each third it reads the middle pixel only", () => {
    const picture = noisePicture(9, 9, 1, 4);
    const middles = [1, 4, 7].flatMap((y) => [1, 4, 7].map((x) => picture.data[y * 9 + x]));
    expect([...resizeLinear(picture, 3, 3).data]).toEqual(middles);
  });
});
