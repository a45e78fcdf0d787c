import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Decision } from "../decision/decision.js";
import { regionScorer } from "../decision/region-score.js";
import { zoneLabels } from "../decision/zone-labels.js";
import { keepRegions } from "./keep-regions.js";

const plain = { minArea: 0, minPeak: 0.5, ignoreTouchingBorder: false, weight: 1, unit: 1 };

function maskAt(map: Float32Array, level: number, width: number, height: number) {
  return {
    width,
    height,
    channels: 1 as const,
    data: Uint8Array.from(map, (value) => Number(value >= level)),
  };
}

describe("keepRegions", () => {
  it("keeps a region exactly when the score of a zone reaches the level, and loses no pixel of a zone", () => {
    const [width, height] = [10, 9];
    const filters = fc.record({
      minArea: fc.oneof(fc.constant(0), fc.double({ min: 0.5, max: 10, noNaN: true })),
      minPeak: fc.constantFrom(0.5, 0.55, 0.7, 1),
      ignoreTouchingBorder: fc.boolean(),
    });
    const values = fc.array(fc.nat(1000), { minLength: 90, maxLength: 90 });
    fc.assert(
      fc.property(values, filters, filters, fc.nat(70), fc.nat(90), (numbers, one, two, cut, at) => {
        const data = Float32Array.from(numbers, (value) => Math.fround(value / 7 + 0.1));
        const decision: Decision = {
          zones: [
            { ...plain, ...one, name: "a", runs: [3, cut + 4] },
            { ...plain, ...two, name: "b", runs: [cut + 9, 90] },
          ].filter(({ runs }) => runs[0]! < runs[1]!),
        };
        const labels = zoneLabels(decision, width, height);
        const level = data[at] ?? Math.fround(50);
        const mask = maskAt(data, level, width, height);
        const { kept, dropped } = keepRegions({ width, height, data }, mask, labels, decision, level);
        const scores = Array.from(regionScorer(labels, decision.zones, width)(data));
        expect(kept.data.includes(1)).toBe(Math.max(...scores) >= level);
        for (const [i, label] of labels.entries()) {
          const held = [kept, ...dropped.map((one) => one.mask)].reduce(
            (sum, { data: own }) => sum + own[i]!,
            0,
          );
          expect(held).toBe(label === 0 ? 0 : mask.data[i]);
        }
      }),
      { numRuns: 400 },
    );
  });

  it("says why", () => {
    // A pixel of 9 in the middle, three of 5 at the left border, a low block of four below.
    const data = Float32Array.from(
      [
        [5, 0, 0, 0, 0, 0, 0],
        [5, 0, 0, 9, 0, 0, 0],
        [5, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 4, 4, 0],
        [0, 0, 0, 0, 4, 4, 0],
        [0, 0, 0, 0, 0, 0, 0],
      ].flat(),
    );
    const why = (change: object) => {
      const decision = { zones: [{ ...plain, ...change, name: "", runs: [0, 42] }] };
      const labels = zoneLabels(decision, 7, 6);
      const map = { width: 7, height: 6, data };
      const { kept, dropped } = keepRegions(map, maskAt(data, 3, 7, 6), labels, decision, 3);
      const pixels = (mask: { data: Uint8Array }) => mask.data.reduce((sum, value) => sum + value, 0);
      return [pixels(kept), Object.fromEntries(dropped.map(({ reason, mask }) => [reason, pixels(mask)]))];
    };
    expect(why({})).toEqual([8, {}]);
    expect(why({ minArea: 2 })).toEqual([7, { area: 1 }]);
    // 5 / 3 · 0.5 = 0.83 on the scale of results; 4 gives 0.67.
    expect(why({ minPeak: 0.75 })).toEqual([4, { peak: 4 }]);
    expect(why({ ignoreTouchingBorder: true })).toEqual([5, { border: 3 }]);
    expect(why({ ignoreTouchingBorder: true, minArea: 4, minPeak: 0.9 })).toEqual([0, { area: 4, peak: 4 }]);
  });

  it("keeps a region that has grown to the border when its hot part stands free", () => {
    const data = Float32Array.of(...[0, 0, 0, 0, 0], ...[4, 4, 9, 4, 0], ...[0, 0, 0, 0, 0]);
    const border = { zones: [{ ...plain, ignoreTouchingBorder: true, name: "", runs: [0, 15] }] };
    const labels = zoneLabels(border, 5, 3);
    const keep = (minArea: number) => {
      const decision = { zones: [{ ...border.zones[0]!, minArea }] };
      return keepRegions({ width: 5, height: 3, data }, maskAt(data, 3, 5, 3), labels, decision, 3);
    };
    expect(keep(1).dropped).toEqual([]);
    expect(keep(2).dropped.map(({ reason }) => reason)).toEqual(["border"]);
  });
});
