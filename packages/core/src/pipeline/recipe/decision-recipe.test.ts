import { describe, expect, it } from "vitest";
import type { RecipeOptions } from "../../bundle/recipe-options.js";
import { markedPixels } from "../../stages/region/runs.js";
import { asksForPictureSize, type DecidedMap, decisionFor } from "./decision-recipe.js";

const MAP = { size: { width: 32, height: 32 }, ignoreBorder: 0, picture: { width: 320, height: 160 } };
const left = { type: "rectangle", x: 0, y: 0, width: 160, height: 160 } as const;
const middle = { type: "rectangle", x: 80, y: 0, width: 160, height: 160 } as const;

const zonesOf = (options: RecipeOptions, map: Partial<DecidedMap> = {}) =>
  decisionFor(options, { ...MAP, ...map })?.zones ?? [];

describe("decisionFor", () => {
  it("is nothing without filters and zones, and the whole map for the score region", () => {
    expect(decisionFor({}, MAP)).toBeNull();
    expect(decisionFor({ zones: [] }, MAP)).toBeNull();
    expect(zonesOf({ score: "region" })).toEqual([
      {
        name: "",
        runs: [0, 1024],
        weight: 1,
        unit: 1,
        minArea: 0,
        minPeak: 0.5,
        ignoreTouchingBorder: false,
      },
    ]);
    expect(zonesOf({ filters: {} })[0]!.runs).toEqual([0, 1024]);
  });

  it("turns areas of the picture into areas of the map, and mm² into pixels", () => {
    expect(zonesOf({ filters: { minArea: 100 } })[0]!.minArea).toBeCloseTo(100 / 50, 12);
    const capture = { millimetresPerPixel: 0.1 };
    expect(zonesOf({ filters: { minAreaMm2: 1 }, capture })[0]!.minArea).toBeCloseTo(100 / 50, 12);
    const view = { x: 100, y: 0, width: 160, height: 160 };
    expect(zonesOf({ filters: { minArea: 100 } }, { view })[0]!.minArea).toBeCloseTo(100 / 25, 12);
  });

  it("gives pixels of several zones to the first, and the others to the rest", () => {
    const zones = zonesOf({
      filters: { minArea: 50, minPeak: 0.6 },
      zones: [
        { name: "a", shapes: [left], weight: 2, minArea: 500 },
        { name: "b", shapes: [middle], ignoreTouchingBorder: true },
      ],
    });
    expect(zones.map(({ name, runs }) => [name, markedPixels(runs)])).toEqual([
      ["a", 512],
      ["b", 256],
      ["rest", 256],
    ]);
    // What a zone does not say is as for the whole picture.
    expect(zones.map(({ minArea, minPeak, weight }) => [minArea, minPeak, weight])).toEqual([
      [10, 0.6, 2],
      [1, 0.6, 1],
      [1, 0.6, 1],
    ]);
    expect(zones.map(({ ignoreTouchingBorder }) => ignoreTouchingBorder)).toEqual([false, true, false]);
  });

  it("leaves out what is not judged, and the rest where nothing is left", () => {
    const whole = { type: "rectangle", x: 0, y: 0, width: 320, height: 160 } as const;
    const zones = zonesOf({ zones: [{ name: "all", shapes: [whole] }] }, { ignoreBorder: 4 });
    expect(zones.map(({ name, runs }) => [name, markedPixels(runs)])).toEqual([["all", 24 * 24]]);
    const judged = decisionFor({ filters: { minPeak: 0.6 } }, { ...MAP, judged: [5, 9] });
    expect(judged?.zones[0]?.runs).toEqual([5, 9]);
  });

  it("needs the size of the pictures for zones and areas only", () => {
    const { picture: _, ...map } = MAP;
    expect(asksForPictureSize({ filters: { minPeak: 0.6 } })).toBe(false);
    expect(decisionFor({ filters: { minPeak: 0.6 } }, map)?.zones).toHaveLength(1);
    expect(() => decisionFor({ filters: { minArea: 3 } }, map)).toThrow("size of the pictures");
  });

  it.each<[string, RecipeOptions, string]>([
    ["another score", { filters: {}, score: "max" }, "--score"],
    [
      "the same name twice",
      { zones: [left, middle].map((shape) => ({ name: "a", shapes: [shape] })) },
      '"a"',
    ],
    ["the name of the rest", { zones: [{ name: "rest", shapes: [left] }] }, "in no zone"],
    ["no name", { zones: [{ name: " ", shapes: [left] }] }, "name"],
    ["no shape", { zones: [{ name: "a", shapes: [] }] }, "shape"],
    ["a zone under another", { zones: ["a", "b"].map((name) => ({ name, shapes: [left] })) }, '"b"'],
    ["a zone below a map pixel", { zones: [{ name: "a", shapes: [{ ...left, x: 2, width: 1 }] }] }, '"a"'],
    ["a weight of 0", { zones: [{ name: "a", shapes: [left], weight: 0 }] }, "weight"],
    ["an area of NaN", { filters: { minArea: Number.NaN } }, "--min-area"],
    ["an area of 0", { filters: { minArea: 0 } }, "--min-area"],
    ["an area beyond the picture", { filters: { minArea: 320 * 160 + 1 } }, "the picture"],
    ["an area beyond a zone", { zones: [{ name: "a", shapes: [left], minArea: 26_000 }] }, '"a"'],
    ["mm² without mm per pixel", { filters: { minAreaMm2: 2 } }, "--mm-per-pixel"],
    ["both areas", { filters: { minAreaMm2: 2, minArea: 2 } }, "not both"],
    ["a peak below the threshold", { filters: { minPeak: 0.5 } }, "--min-peak"],
    ["a peak of NaN", { filters: { minPeak: Number.NaN } }, "--min-peak"],
  ])("refuses %s", (_, options, words) => {
    expect(() => zonesOf(options)).toThrow(expect.objectContaining({ code: "OPTION_VALUE" }));
    expect(() => zonesOf(options)).toThrow(words);
  });
});
