import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countTiles, isCut, isTiled, tileAxis, tilePixels } from "./tile-plan.js";

/** A unit, a tile with its margin, and a side, as a recipe lets them through. */
const cases = fc
  .record({
    unit: fc.constantFrom(8, 16, 32),
    margin: fc.integer({ min: 0, max: 6 }),
    inner: fc.integer({ min: 1, max: 9 }),
    side: fc.integer({ min: 1, max: 130 }),
  })
  .map(({ unit, margin, inner, side }) => ({
    unit,
    tiles: { size: unit * (2 * margin + inner), margin: unit * margin },
    side: unit * side,
  }));

describe("tileAxis", () => {
  it("uses every pixel once, in order, at whole cells", () => {
    fc.assert(
      fc.property(cases, ({ unit, tiles, side }) => {
        const { spans } = tileAxis(side, tiles, unit);
        expect(spans[0]?.from).toBe(0);
        expect(spans.at(-1)?.to).toBe(side);
        for (const [i, { start, from, to }] of spans.entries()) {
          expect(to).toBeGreaterThan(from);
          if (i > 0) expect(from).toBe(spans[i - 1]?.to);
          for (const place of [start, from, to]) expect(place % unit).toBe(0);
        }
      }),
    );
  });

  it("gives all tiles one size, within the input, and their margins wherever the input goes on", () => {
    fc.assert(
      fc.property(cases, ({ unit, tiles, side }) => {
        const { length, spans } = tileAxis(side, tiles, unit);
        expect(length).toBe(Math.min(side, tiles.size));
        for (const { start, from, to } of spans) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(start + length).toBeLessThanOrEqual(side);
          if (start > 0) expect(from - start).toBeGreaterThanOrEqual(tiles.margin);
          if (start + length < side) expect(start + length - to).toBeGreaterThanOrEqual(tiles.margin);
        }
      }),
    );
  });

  it("takes as few tiles as can be", () => {
    expect(tileAxis(4000, { size: 1024, margin: 160 }, 32).spans).toHaveLength(6);
    expect(tileAxis(1024, { size: 1024, margin: 160 }, 32)).toEqual({
      length: 1024,
      spans: [{ start: 0, from: 0, to: 1024 }],
    });
    expect(tileAxis(1056, { size: 1024, margin: 160 }, 32).spans).toEqual([
      { start: 0, from: 0, to: 544 },
      { start: 32, from: 544, to: 1056 },
    ]);
  });
});

it("an input no larger than a tile is not cut", () => {
  const tiles = { size: 64, margin: 8 };
  expect([isTiled(tiles, 64, 64), isTiled(tiles, 65, 1), isTiled(tiles, 1, 65)]).toEqual([false, true, true]);
  expect(tilePixels(tiles, 128, 32)).toBe(64 * 32);
  expect(tilePixels(undefined, 128, 32)).toBe(128 * 32);
});

it("a pass is cut when it has tiles", () => {
  expect([isCut({}), isCut({ tiles: { size: 64, margin: 8 } })]).toEqual([false, true]);
});

it("a picture of 12 megapixels is 24 tiles of 1024 pixels, a small one is one", () => {
  const tiles = { size: 1024, margin: 160 };
  expect(countTiles({ width: 4000, height: 3008 }, tiles, 32)).toBe(24);
  expect(countTiles({ width: 640, height: 480 }, tiles, 32)).toBe(1);
});
