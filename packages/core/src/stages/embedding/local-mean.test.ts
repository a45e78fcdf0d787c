import fc from "fast-check";
import { expect, it } from "vitest";
import { seededRandom } from "../../random.js";
import { localMean } from "./local-mean.js";

it("is the sum of the neighbours there are, divided by 9, for any sides", () => {
  const side = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(side, side, fc.integer({ min: 0, max: 1e9 }), (width, height, seed) => {
      const random = seededRandom(seed);
      const start = random.int(5);
      const data = Float32Array.from({ length: start + width * height + 3 }, () => random.normal());
      const out = new Float32Array(width * height).fill(7);
      localMean(data, start, width, height, out);
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          let sum = 0;
          for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++)
            for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++)
              sum += data[start + v * width + u] as number;
          expect(Math.abs((out[y * width + x] as number) - sum / 9)).toBeLessThan(1e-6);
        }
    }),
  );
});

it("is what AvgPool2d(3, 1, 1) gives", () => {
  const out = new Float32Array(6);
  localMean(Float32Array.of(9, 18, 27, 36, 45, 54), 0, 3, 2, out);
  expect([...out]).toEqual([12, 21, 16, 12, 21, 16]);
});

it("leaves what lies behind the plane alone, and passes on what is not a number", () => {
  const out = new Float32Array(6).fill(5);
  localMean(Float32Array.of(1, Number.NaN, 1, 1), 0, 4, 1, out);
  expect([...out]).toEqual([Number.NaN, Number.NaN, Number.NaN, expect.closeTo(2 / 9), 5, 5]);
});
