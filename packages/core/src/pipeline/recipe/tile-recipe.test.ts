import { describe, expect, it } from "vitest";
import { backboneWith } from "../../../../../tests/support/small-training.js";
import type { RecipeOptions } from "../../bundle/recipe-options.js";
import { recipeFor } from "./recipe.js";
import { tiledMap, tilesFor } from "./tile-recipe.js";

const tap = (channels: number, stride: number) => ({ name: `t${stride}`, channels, stride, scale: 1 });
const LITE0 = backboneWith(tap(40, 8), tap(112, 16));
const LARGE = { width: 768, height: 512 };

/** Size, tiles and heads of each input. */
const inputsOf = (options: RecipeOptions) =>
  recipeFor(LITE0, options).passes.map(({ size, tiles, detectors }) => [
    size.width,
    size.height,
    tiles ?? null,
    detectors.map(({ head }) => head.kind).join(),
  ]);

describe("a recipe with tiles", () => {
  it("puts a memory bank on the large input and both heads on the whole picture", () => {
    const tiles = { size: 448, margin: 160 };
    expect(inputsOf({ tile: 448, size: LARGE })).toEqual([
      [768, 512, tiles, "patchcore"],
      [256, 256, null, "patchcore,padim"],
    ]);
    expect(inputsOf({ tile: 448, size: LARGE, head: "patchcore" })).toEqual([
      [768, 512, tiles, "patchcore"],
      [256, 256, null, "patchcore"],
    ]);
    expect(inputsOf({ tile: 448, size: 768, tileMargin: 64, head: "padim" })).toEqual([
      [768, 768, { size: 448, margin: 64 }, "padim"],
    ]);
  });

  it("of native pictures shows the whole in its shape, and pads what is no multiple", () => {
    const picture = { width: 1000, height: 500 };
    const [large, whole] = inputsOf({ tile: 512, fit: "native", picture });
    expect(large).toEqual([1024, 512, { size: 512, margin: 160 }, "patchcore"]);
    expect(whole?.[0]).toBeGreaterThan(whole?.[1] as number);
    expect(recipeFor(LITE0, { tile: 512, fit: "native", picture }).size).toEqual({ width: 500, height: 250 });
  });

  it("has a fine map, the map's maximum as score, and no turned pictures unless they are wanted", () => {
    const recipe = recipeFor(LITE0, { tile: 448, size: LARGE });
    expect(recipe).toMatchObject({ size: { width: 384, height: 256 }, score: "max", turnedBelow: 0 });
    expect(recipeFor(LITE0, { tile: 448, size: LARGE, score: "top1%", turned: true })).toMatchObject({
      score: "top1%",
      turnedBelow: Number.MAX_SAFE_INTEGER,
    });
    expect(tiledMap({ size: { width: 33, height: 32 } })).toEqual({ width: 32, height: 32 });
  });

  it("cuts nothing where tiles are as large as the input, and is the same otherwise", () => {
    const cut = recipeFor(LITE0, { tile: 448, size: LARGE });
    const [{ tiles: _, ...first }, second] = cut.passes as [(typeof cut.passes)[0], (typeof cut.passes)[0]];
    expect(recipeFor(LITE0, { tile: 768, size: LARGE })).toEqual({ ...cut, passes: [first, second] });
  });

  it.each<[string, RecipeOptions]>([
    ["--tile", { tile: 512 }],
    ["--tile", { tile: 512, size: 512, fit: "native", picture: LARGE }],
    ["--quality", { tile: 512, quality: "fast" }],
    ["--tile-margin", { tileMargin: 32 }],
    ["--tile-margin", { tile: 512, size: 768, tileMargin: "full" }],
    ["The margin of a tile (--tile-margin)", { tile: 512, size: 768, tileMargin: 33 }],
    ["The margin of a tile (--tile-margin)", { tile: 512, size: 768, tileMargin: -32 }],
    ...[0, 500, 4128, 512.5].map((tile): [string, RecipeOptions] => [
      "The tile (--tile)",
      { tile, size: 768 },
    ]),
    ["The tile (--tile)", { tile: 320, size: 768 }],
    ["The tile (--tile)", { tile: 512, size: 768, tileMargin: 256 }],
    ["--tile", { tile: 512, profile: "anomalib-0.7", channels: 50 }],
    ["--tile-margin", { tileMargin: 32, profile: "anomalib-0.7", channels: 50 }],
  ])("refuses %s %j", (subject, options) =>
    expect(() => recipeFor(LITE0, options)).toThrow(
      expect.objectContaining({ code: "OPTION_VALUE", subject }),
    ),
  );

  it("is not for networks that resize pictures themselves", () => {
    const own = { ...LITE0, input: { ...LITE0.input, resizesTo: { width: 256, height: 256 } } };
    expect(() => tilesFor({ tile: 512 }, own, LARGE)).toThrow(/resizes pictures itself/);
  });
});
