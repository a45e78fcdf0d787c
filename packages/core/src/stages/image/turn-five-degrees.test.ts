import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pixelOf, smallPictures } from "../../../../../tests/support/arbitrary-picture.js";
import { turnFiveDegrees } from "./turn-five-degrees.js";

describe("turnFiveDegrees", () => {
  it("is bilinear interpolation around the middle with the border repeated", () => {
    fc.assert(
      fc.property(smallPictures, fc.constantFrom<1 | -1>(1, -1), (image, direction) => {
        const turned = turnFiveDegrees(image, direction);
        const { width, height } = image;
        const angle = (direction * 5 * Math.PI) / 180;
        const at = (x: number, y: number, c: number) =>
          pixelOf(image, Math.min(Math.max(x, 0), width - 1), Math.min(Math.max(y, 0), height - 1))[
            c
          ] as number;
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++) {
            const [right, below] = [x - (width - 1) / 2, y - (height - 1) / 2];
            const u = (width - 1) / 2 + Math.cos(angle) * right + Math.sin(angle) * below;
            const v = (height - 1) / 2 - Math.sin(angle) * right + Math.cos(angle) * below;
            const [i, j] = [Math.floor(u), Math.floor(v)];
            for (let c = 0; c < 3; c++) {
              const upper = at(i, j, c) * (i + 1 - u) + at(i + 1, j, c) * (u - i);
              const lower = at(i, j + 1, c) * (i + 1 - u) + at(i + 1, j + 1, c) * (u - i);
              const expected = upper * (j + 1 - v) + lower * (v - j);
              // Half a step of the result, and 1/4096 pixel of both axes at the steepest slope.
              expect(Math.abs((pixelOf(turned, x, y)[c] as number) - expected)).toBeLessThan(0.5 + 0.13);
            }
          }
      }),
    );
  });

  it("moves what is right of the middle down when it turns clockwise", () => {
    const size = 101;
    const data = new Uint8Array(3 * size * size);
    data.fill(255, 3 * (50 * size + 90), 3 * (50 * size + 91));
    const turned = (direction: 1 | -1) => {
      const { data: out } = turnFiveDegrees({ width: size, height: size, channels: 3, data }, direction);
      return Math.floor(out.indexOf(Math.max(...out)) / 3 / size);
    };
    // 40 pixels · sin 5° = 3.5
    expect([53, 54]).toContain(turned(1));
    expect([46, 47]).toContain(turned(-1));
  });
});
