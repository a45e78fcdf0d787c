import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { noisePicture } from "../../../../../tests/support/noise.js";
import { describeResampler } from "../../../../../tests/support/resample-reference.js";
import { resizeArea } from "./resize-area.js";

describeResampler("area", resizeArea);

describe("area", () => {
  const size = fc.integer({ min: 1, max: 8 });

  test("a whole factor gives the block means", () => {
    fc.assert(
      fc.property(size, size, size, size, (width, height, acrossBy, downBy) => {
        const picture = noisePicture(width * acrossBy, height * downBy, 1, width * 64 + height);
        const { data } = resizeArea(picture, width, height);
        for (let index = 0; index < data.length; index++) {
          let sum = 0;
          for (let pixel = 0; pixel < acrossBy * downBy; pixel++) {
            const x = (index % width) * acrossBy + (pixel % acrossBy);
            const y = Math.floor(index / width) * downBy + Math.floor(pixel / acrossBy);
            sum += picture.data[y * picture.width + x] ?? 0;
          }
          expect(Math.abs((data[index] ?? 0) - sum / (acrossBy * downBy))).toBeLessThanOrEqual(0.5 + 1e-4);
        }
      }),
    );
  });

  test("growing by whole factors repeats pixels", () => {
    fc.assert(
      fc.property(size, size, fc.integer({ min: 2, max: 5 }), (width, height, factor) => {
        const picture = noisePicture(width, height, 1, 3);
        const { data } = resizeArea(picture, width * factor, height * factor);
        data.forEach((value, index) => {
          const x = Math.floor((index % (width * factor)) / factor);
          const y = Math.floor(index / (width * factor) / factor);
          expect(value).toBe(picture.data[y * width + x]);
        });
      }),
    );
  });

  test("keeps the mean of a picture within a level", () => {
    const mean = (data: Uint8Array) => data.reduce((sum, value) => sum + value, 0) / data.length;
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 30 }), fc.nat(), (side, seed) => {
        const picture = noisePicture(31, 33, 1, seed);
        expect(Math.abs(mean(resizeArea(picture, side, side).data) - mean(picture.data))).toBeLessThan(1);
      }),
    );
  });
});
