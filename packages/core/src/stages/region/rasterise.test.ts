import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgedMask, rasterise } from "./rasterise.js";
import { runsOf } from "./runs.js";
import type { RegionShape } from "./shapes.js";

const [WIDTH, HEIGHT] = [16, 12];
const drawn = (...shapes: RegionShape[]) => {
  const { data } = rasterise(shapes, WIDTH, HEIGHT);
  return Array.from({ length: HEIGHT }, (_, y) => data.slice(y * WIDTH, (y + 1) * WIDTH).join(""));
};
const count = (shape: RegionShape) => rasterise([shape], WIDTH, HEIGHT).data.reduce((a, b) => a + b, 0);
const polygon = (...points: [number, number][]): RegionShape => ({ type: "polygon", points });
const refused = (found: RegExp | string) =>
  expect.objectContaining({ code: "REGION", message: expect.stringMatching(found) });

describe("rasterise", () => {
  it("draws a rectangle as the polygon of its corners, whatever its place", () => {
    const place = fc.double({ min: -4, max: 11, noNaN: true });
    const side = fc.double({ min: 5, max: 20, noNaN: true });
    fc.assert(
      fc.property(place, place, side, side, (x, y, width, height) => {
        const corners = polygon([x, y], [x + width, y], [x + width, y + height], [x, y + height]);
        expect(drawn({ type: "rectangle", x, y, width, height })).toEqual(drawn(corners));
      }),
    );
  });

  it("marks exactly the pixels whose centre is inside a circle", () => {
    const place = fc.double({ min: 0, max: 12, noNaN: true });
    fc.assert(
      fc.property(place, place, fc.double({ min: 1, max: 9, noNaN: true }), (x, y, radius) => {
        const { data } = rasterise([{ type: "circle", x, y, radius }], WIDTH, HEIGHT);
        for (let i = 0; i < data.length; i++) {
          const away = Math.hypot((i % WIDTH) + 0.5 - x, Math.floor(i / WIDTH) + 0.5 - y) - radius;
          if (Math.abs(away) > 1e-9) expect(data[i]).toBe(away < 0 ? 1 : 0);
        }
      }),
    );
  });

  it("draws a polygon with a notch, in either direction and with its first corner repeated", () => {
    const corners: [number, number][] = [
      [1, 1],
      [8, 1],
      [8, 8],
      [4.5, 3],
      [1, 8],
    ];
    const picture = drawn(polygon(...corners));
    expect(picture[1]).toBe("0111111100000000");
    expect(picture[6].slice(3, 6)).toBe("000");
    expect(drawn(polygon(...[...corners].reverse()))).toEqual(picture);
    expect(drawn(polygon(...corners, corners[0]))).toEqual(picture);
  });

  it("cuts off what is outside, adds shapes up and frames the picture", () => {
    expect(count({ type: "rectangle", x: -5, y: -5, width: 7, height: 7 })).toBe(4);
    expect(count({ type: "border", width: 2 })).toBe(WIDTH * HEIGHT - 12 * 8);
    expect(count({ type: "border", width: 50 })).toBe(WIDTH * HEIGHT);
    const both = drawn(
      { type: "rectangle", x: 0, y: 0, width: 2, height: 1 },
      { type: "rectangle", x: 1, y: 0, width: 2, height: 1 },
    );
    expect(both[0]).toBe("1110000000000000");
    expect(rasterise([], WIDTH, HEIGHT).data.includes(1)).toBe(false);
  });

  it("draws a mask of the picture's size and refuses another", () => {
    const mask = rasterise([{ type: "circle", x: 5, y: 5, radius: 3 }], WIDTH, HEIGHT);
    const shape = { type: "mask", width: WIDTH, height: HEIGHT, runs: runsOf(mask) } as const;
    expect(rasterise([shape], WIDTH, HEIGHT)).toEqual(mask);
    expect(() => rasterise([shape], WIDTH + 1, HEIGHT)).toThrow(refused("16 × 12.*another size"));
  });

  it.each([
    ["crosses itself", polygon([0, 0], [8, 8], [8, 0], [0, 8]), "cross or touch itself"],
    ["crosses itself in a corner", polygon([0, 0], [5, 5], [9, 9], [9, 0], [5, 5], [0, 9]), "cross or touch"],
    ["folds back", polygon([0, 0], [8, 0], [4, 0], [4, 8]), "cross or touch"],
    ["has two corners", polygon([0, 0], [8, 8]), "at least three"],
    ["has three equal corners", polygon([3, 3], [3, 3], [3, 3]), "at least three"],
    ["lies outside", polygon([20, 1], [30, 1], [30, 9]), "none of them inside"],
    ["lies between the centres", { type: "circle", x: 5, y: 5, radius: 0.2 }, "none of them inside"],
    ["is NaN", { type: "circle", x: Number.NaN, y: 5, radius: 2 }, "finite"],
    ["has a corner at infinity", polygon([0, 0], [8, 0], [4, Number.POSITIVE_INFINITY]), "finite"],
    ["has a negative radius", { type: "circle", x: 5, y: 5, radius: -2 }, "a radius above 0"],
    ["has no width", { type: "rectangle", x: 1, y: 1, width: 0, height: 4 }, "a width above 0"],
    ["has a negative frame", { type: "border", width: -1 }, "a width above 0"],
    ["is of no kind", { type: "ellipse" } as unknown as RegionShape, "ellipse"],
    ["is an empty mask", { type: "mask", width: WIDTH, height: HEIGHT, runs: [] }, "none of them inside"],
  ] as const)("refuses a shape that %s", (_, shape, found) =>
    expect(() => rasterise([shape as RegionShape], WIDTH, HEIGHT)).toThrow(refused(found)),
  );
});

describe("judgedMask", () => {
  const left: RegionShape = { type: "rectangle", x: 0, y: 0, width: 8, height: HEIGHT };
  const judged = (include: RegionShape[], ignore: RegionShape[]) =>
    judgedMask({ include, ignore }, WIDTH, HEIGHT).data.reduce((a, b) => a + b, 0);

  it("is what is included and not ignored; everything without an included shape", () => {
    expect(judged([], [])).toBe(WIDTH * HEIGHT);
    expect(judged([left], [])).toBe(8 * HEIGHT);
    expect(judged([left], [{ type: "border", width: 1 }])).toBe(7 * 10);
  });

  it("refuses to judge nothing", () =>
    expect(() => judged([left], [{ type: "border", width: 9 }])).toThrow(refused("everything is ignored")));
});
