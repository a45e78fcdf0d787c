import { DEFECT_TYPES, type ModelDescription } from "@blemish/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placesIn, sensitivitySettings, wishesAt } from "./sensitivity-plan.js";

const SIZE = { width: 64, height: 48 };
const indices = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Two zones of a 16 × 12 map: its upper and its lower half. */
const zoned = {
  decision: {
    zones: [
      { name: "top", runs: [0, 96] },
      { name: "bottom", runs: [96, 192] },
    ],
  },
} as unknown as Pick<ModelDescription, "picture" | "decision">;

describe("sensitivitySettings", () => {
  it("tries all kinds, and sizes that follow from the picture's shorter side", () => {
    expect(sensitivitySettings({}, { width: 900, height: 1200 })).toEqual({
      types: DEFECT_TYPES,
      sizes: [14, 28, 56, 113],
      contrasts: [0.1, 0.25, 0.5],
      places: 60,
      seed: 0,
    });
    expect(sensitivitySettings({}, { width: 64, height: 64 }).sizes).toEqual([2, 4, 8]);
  });

  it("sorts, and names nothing twice", () => {
    const wish = { types: ["dent", "dent"], sizes: [8, 4, 8], contrasts: [1, 0.5, 1] } as const;
    expect(sensitivitySettings(wish, SIZE)).toMatchObject({
      types: ["dent"],
      sizes: [4, 8],
      contrasts: [0.5, 1],
    });
  });

  it.each([
    [{ sizes: [47] }, /Sizes.*from 1 to 46.*64 × 48.*47/],
    [{ sizes: [0] }, /Sizes/],
    [{ sizes: [Number.NaN] }, /Sizes/],
    [{ sizes: [] }, /Sizes.*none/],
    [{ contrasts: [0] }, /Contrasts/],
    [{ contrasts: [1.1] }, /Contrasts/],
    [{ places: 0 }, /Places/],
    [{ places: 2.5 }, /Places/],
    [{ places: 10_001 }, /Places/],
    [{ types: ["hole" as never] }, /Kinds.*scratch.*hole/],
    [{ types: [] }, /Kinds.*none/],
  ])("refuses %j", (wish, words) => {
    expect(() => sensitivitySettings(wish, SIZE)).toThrow(words);
    expect(() => sensitivitySettings(wish, SIZE)).toThrow(/OPTION_VALUE/);
  });
});

describe("placesIn", () => {
  it("leaves room for the largest defect, and is the same for the same seed, whichever other places there are", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), (size, seed) => {
        const settings = sensitivitySettings({ sizes: [size], seed }, SIZE);
        const places = placesIn(SIZE, indices(20), settings, {}, null);
        for (const { x, y } of places) {
          expect(Math.min(x, SIZE.width - 1 - x)).toBeGreaterThanOrEqual(size / 2);
          expect(Math.min(y, SIZE.height - 1 - y)).toBeGreaterThanOrEqual(size / 2);
        }
        expect(placesIn(SIZE, [3, 7], settings, {}, null)).toEqual([places[3], places[7]]);
      }),
    );
  });

  it("puts defects only where the model judges", () => {
    const settings = sensitivitySettings({ sizes: [4] }, SIZE);
    const region = {
      include: [{ type: "rectangle", x: 40, y: 8, width: 10, height: 30 }],
      ignore: [],
    } as const;
    const picture = { ...SIZE, fit: "stretch", view: { x: 0, y: 0, ...SIZE }, region } as const;
    for (const { x, y } of placesIn(SIZE, indices(50), settings, { picture: picture as never }, null)) {
      expect(x >= 40 && x < 50 && y >= 8 && y < 38).toBe(true);
    }
  });

  it("puts as many into each zone", () => {
    const settings = sensitivitySettings({ sizes: [4] }, SIZE);
    const places = placesIn(SIZE, indices(40), settings, zoned, { width: 16, height: 12 });
    for (const [name, test] of [
      ["top", (y: number) => y < 24],
      ["bottom", (y: number) => y >= 24],
    ] as const) {
      const own = places.filter(({ zone }) => zone === name);
      expect(own).toHaveLength(20);
      expect(own.every(({ y }) => test(y))).toBe(true);
    }
  });

  it("has other places for each kind", () => {
    const settings = sensitivitySettings({ sizes: [4], types: ["dent", "stain"], places: 10 }, SIZE);
    const places = placesIn(SIZE, indices(20), settings, zoned, { width: 16, height: 12 });
    expect(places.map(({ type }) => type)).toEqual([...Array(10).fill("dent"), ...Array(10).fill("stain")]);
    const keys = (some: typeof places) => some.map(({ x, y }) => `${x} ${y}`);
    expect(keys(places.slice(0, 10))).not.toEqual(keys(places.slice(10)));
    for (const part of [places.slice(0, 10), places.slice(10)])
      expect(part.filter(({ zone }) => zone === "top")).toHaveLength(5);
  });

  it("refuses what leaves no room", () => {
    const settings = { ...sensitivitySettings({}, SIZE), sizes: [48] };
    expect(() => placesIn(SIZE, [0], settings, {}, null)).toThrow(/leave a place.*64 × 48.*OPTION_VALUE/);
  });
});

it("wishes for every size and contrast at one place with one form", () => {
  const settings = sensitivitySettings({ sizes: [4, 8], contrasts: [0.1, 0.5] }, SIZE);
  const wishes = wishesAt({ type: "dent", x: 5, y: 6, seed: 7, zone: null }, settings);
  expect(wishes).toHaveLength(4);
  expect(new Set(wishes.map((wish) => JSON.stringify(wish))).size).toBe(wishes.length);
  expect(wishes.every(({ type, x, y, seed }) => type === "dent" && x === 5 && y === 6 && seed === 7)).toBe(
    true,
  );
});
