import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RegionFilter } from "./decision.js";
import { levelOfPeak, regionScorer } from "./region-score.js";
import { AT_BORDER, zoneLabels, zoneOf } from "./zone-labels.js";

/** The regions of the pixels at or above a level, by flooding: slow and plain. */
function regionsAt(map: Float32Array, level: number, zone: number, labels: Uint8Array, width: number) {
  const seen = new Set<number>();
  const regions: { area: number; peak: number; touchesBorder: boolean }[] = [];
  const inside = (i: number) => zoneOf(labels[i]!) === zone && map[i]! >= level;
  for (let start = 0; start < map.length; start++) {
    if (!inside(start) || seen.has(start)) continue;
    const region = { area: 0, peak: 0, touchesBorder: false };
    const stack = [start];
    seen.add(start);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      region.area++;
      region.peak = Math.max(region.peak, map[at]!);
      region.touchesBorder ||= (labels[at]! & AT_BORDER) !== 0;
      const [x, y] = [at % width, Math.floor(at / width)];
      for (let ny = y - 1; ny <= y + 1; ny++)
        for (let nx = x - 1; nx <= x + 1; nx++) {
          const near = ny * width + nx;
          if (nx < 0 || nx >= width || ny < 0 || near >= map.length || seen.has(near) || !inside(near))
            continue;
          seen.add(near);
          stack.push(near);
        }
    }
    regions.push(region);
  }
  return regions;
}

type Found = ReturnType<typeof regionsAt>[number];

function passes({ minArea, minPeak, ignoreTouchingBorder }: RegionFilter, region: Found, level: number) {
  if (ignoreTouchingBorder && region.touchesBorder) return false;
  return region.area >= minArea && levelOfPeak(region.peak, minPeak) >= level;
}

/** The score by its definition: every level that can matter is tried, from the highest down. */
function slowScore(map: Float32Array, zone: number, filter: RegionFilter, labels: Uint8Array, width: number) {
  const own = map.filter((_, i) => zoneOf(labels[i]!) === zone);
  const levels = [...own, ...own.map((value) => levelOfPeak(value, filter.minPeak))];
  const descending = [...new Set(levels)].filter((level) => level > 0).sort((a, b) => b - a);
  const found = descending.find((level) =>
    regionsAt(map, level, zone, labels, width).some((region) => passes(filter, region, level)),
  );
  return found ?? 0;
}

const filters = fc.record({
  minArea: fc.oneof(fc.constant(0), fc.double({ min: 0.5, max: 12, noNaN: true })),
  minPeak: fc.constantFrom(0.5, 0.5, 0.55, 0.7, 1),
  ignoreTouchingBorder: fc.boolean(),
});

/** Few different values, so that there are ties; and many. */
const maps = (pixels: number) =>
  fc
    .tuple(
      fc.constantFrom(3, 12, 1000),
      fc.array(fc.nat(1_000_000), { minLength: pixels, maxLength: pixels }),
    )
    .map(([kinds, values]) => Float32Array.from(values, (value) => (value % kinds) / 7));

describe("regionScorer", () => {
  it("gives the highest level at which a region passes, zone by zone", () => {
    const [width, height] = [9, 8];
    fc.assert(
      fc.property(maps(width * height), fc.tuple(filters, filters), fc.nat(60), (map, pair, cut) => {
        const labels = zoneLabels({ zones: [{ runs: [0, cut] }, { runs: [cut + 5, 72] }] }, width, height);
        const scorer = regionScorer(labels, pair, width);
        const expected = pair.map((filter, zone) => slowScore(map, zone, filter, labels, width));
        expect(Array.from(scorer(map))).toEqual(expected);
        // Nothing of the picture before is left over.
        expect(Array.from(scorer(map))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("is reached by a level exactly when a region drawn at this level passes", () => {
    const [width, height] = [9, 8];
    const labels = zoneLabels({ zones: [{ runs: [0, 72] }] }, width, height);
    fc.assert(
      fc.property(
        maps(72),
        filters,
        fc.double({ min: 0.01, max: 150, noNaN: true }),
        (map, filter, number) => {
          const level = Math.fround(number);
          // Growing regions may reach the border, so that only without this filter lower levels pass, too.
          fc.pre(!filter.ignoreTouchingBorder);
          const [score] = regionScorer(labels, [filter], width)(map);
          const some = regionsAt(map, level, 0, labels, width).some((region) =>
            passes(filter, region, level),
          );
          expect(score! >= level).toBe(some);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("grows with the map's scale", () => {
    const labels = zoneLabels({ zones: [{ runs: [0, 72] }] }, 9, 8);
    fc.assert(
      fc.property(maps(72), filters, (map, filter) => {
        const scorer = regionScorer(labels, [filter], 9);
        const [score] = scorer(map);
        expect(scorer(map.map((value) => 4 * value))[0]).toBe(4 * score!);
      }),
    );
  });

  it("finds the score of a large map whose region is larger than what is sorted first", () => {
    const side = 96;
    const labels = zoneLabels({ zones: [{ runs: [0, side * side] }] }, side, side);
    const map = Float32Array.from({ length: side * side }, (_, i) => {
      const [x, y] = [i % side, Math.floor(i / side)];
      return 100 - Math.hypot(x - 40, y - 50) + 0.01 * Math.sin(i);
    });
    // 2000 pixels: a disc of radius 25.2.
    const filter = { minArea: 2000, minPeak: 0.5, ignoreTouchingBorder: true };
    expect(regionScorer(labels, [filter], side)(map)[0]).toBeCloseTo(100 - Math.sqrt(2000 / Math.PI), 1);
    const whole = { minArea: side * side, minPeak: 0.5, ignoreTouchingBorder: false };
    expect(regionScorer(labels, [whole], side)(map)[0]).toBe(map.reduce((a, b) => Math.min(a, b)));
    expect(regionScorer(labels, [{ ...whole, minArea: side * side + 0.5 }], side)(map)[0]).toBe(0);
  });

  it("asks for a peak in the scale of results", () => {
    const labels = zoneLabels({ zones: [{ runs: [0, 25] }] }, 5, 5);
    const map = new Float32Array(25).fill(3);
    map[12] = 8;
    const scored = (minPeak: number, minArea = 0) =>
      regionScorer(labels, [{ minArea, minPeak, ignoreTouchingBorder: false }], 5)(map)[0];
    expect([scored(0.5), scored(1), scored(0.8)]).toEqual([8, 4, 5]);
    // The area is there from 3 down only; the peak allows 4.
    expect(scored(1, 9)).toBe(3);
    expect(scored(1, 26)).toBe(0);
  });
});
