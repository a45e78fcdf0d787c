import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { areRuns, markedPixels, markedPlaces, maskOfRuns, runsOf } from "./runs.js";

const masks = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
  .chain(([width, height]) =>
    fc
      .uint8Array({ minLength: width * height, maxLength: width * height, max: 1 })
      .map((data) => ({ width, height, channels: 1 as const, data })),
  );

describe("runs", () => {
  it("give the mask back, count its pixels and are valid", () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const runs = runsOf(mask);
        expect(maskOfRuns(runs, mask.width, mask.height)).toEqual(mask);
        expect(markedPixels(runs)).toBe(mask.data.reduce((sum, one) => sum + one, 0));
        expect(areRuns(runs, mask.data.length)).toBe(true);
      }),
    );
  });

  it("take every value but 0 as marked", () =>
    expect(runsOf({ width: 3, height: 1, channels: 1, data: Uint8Array.of(0, 255, 7) })).toEqual([1, 3]));

  it.each([[[0]], [[2, 1]], [[0, 2, 2, 3]], [[0, 5]], [[-1, 2]], [[0.5, 2]], [[0, Number.NaN]]])(
    "refuse %j for four pixels",
    (runs) => {
      expect(areRuns(runs, 4)).toBe(false);
      expect(() => maskOfRuns(runs, 2, 2)).toThrowError(expect.objectContaining({ code: "REGION" }));
    },
  );
});

it("markedPlaces lists what is marked", () => expect([...markedPlaces([1, 3, 6, 7])]).toEqual([1, 2, 6]));
