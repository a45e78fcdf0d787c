import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { addTileOptions, TILE_WORDS, type TileWords, tileOptions } from "./tile-options.js";

describe("tileOptions", () => {
  it.each<[TileWords, object]>([
    [{}, {}],
    [{ tile: "1024" }, { tile: 1024 }],
    [
      { tile: "1024", tileMargin: "full" },
      { tile: 1024, tileMargin: "full" },
    ],
    [
      { tile: "512", tileMargin: "0" },
      { tile: 512, tileMargin: 0 },
    ],
  ])("reads %j", (words, options) => expect(tileOptions(words)).toEqual(options));

  it.each<[string, TileWords]>([
    ["--tile", { tile: "0" }],
    ["--tile", { tile: "4097" }],
    ["--tile", { tile: "large" }],
    ["--tile-margin", { tileMargin: "all" }],
    ["--tile-margin", { tileMargin: "-1" }],
  ])("refuses %s %j", (subject, words) =>
    expect(() => tileOptions(words)).toThrow(expect.objectContaining({ code: "OPTION_VALUE", subject })),
  );

  it("gives commander the words that it reads", () => {
    const command = addTileOptions(new Command("x"));
    expect(command.options.map(({ long }) => long)).toEqual(Object.values(TILE_WORDS));
    expect(command.options.map((option) => option.attributeName())).toEqual(Object.keys(TILE_WORDS));
  });
});
