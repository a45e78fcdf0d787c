import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explained } from "../../../../../tests/support/explained.js";
import { shownPatches, windowAround } from "./shown-patches.js";

describe("shownPatches", () => {
  it("shows the cell of the strongest detector, its nearest good patches and the typical one", () => {
    const { box, goods } = shownPatches(explained());
    expect(box).toEqual(explained().detectors[1]!.box);
    expect(goods.map(({ picture, name, words }) => [picture, name, words])).toEqual([
      [4, "004.png", "nearest, distance 1.23"],
      [2, "good picture 3", "distance 2"],
      [7, "007.png", "typical good patch here"],
    ]);
    expect(goods[1]?.box).toBeNull();
  });
});

describe("windowAround", () => {
  it("holds the box and lies inside the picture, a quarter of its sides or more", () => {
    const cell = fc
      .integer({ min: 1, max: 60 })
      .chain((count) => fc.record({ count: fc.constant(count), x: fc.nat(count - 1), y: fc.nat(count - 1) }));
    fc.assert(
      fc.property(cell, ({ count, x, y }) => {
        const box = { x: x / count, y: y / count, width: 1 / count, height: 1 / count };
        const window = windowAround(box);
        expect(window.width).toBeGreaterThanOrEqual(0.25);
        for (const [start, side] of [
          ["x", "width"],
          ["y", "height"],
        ] as const) {
          expect(window[start]).toBeGreaterThanOrEqual(0);
          expect(window[start] + window[side]).toBeLessThanOrEqual(1 + 1e-12);
          expect(window[start]).toBeLessThanOrEqual(box[start] + 1e-12);
          expect(window[start] + window[side]).toBeGreaterThanOrEqual(box[start] + box[side] - 1e-12);
        }
      }),
    );
  });

  it("is the whole picture where the place is not known", () => {
    expect(windowAround(null)).toEqual({ x: 0, y: 0, width: 1, height: 1 });
  });
});
