/** Large inputs in tiles, in words of the command line. */
import type { RecipeOptions } from "@blemish/core";
import type { Command } from "commander";
import { wholeNumber } from "./values.js";

/** The words as commander gives them. */
export interface TileWords {
  readonly tile?: string;
  readonly tileMargin?: string;
}

/** Their names on the command line; both shape a model. */
export const TILE_WORDS = {
  tile: "--tile",
  tileMargin: "--tile-margin",
} as const satisfies Record<keyof TileWords, string>;

const MOST_PIXELS = 4096;

/** Adds the options to a command. */
export function addTileOptions(command: Command): Command {
  return command
    .option("--tile <pixels>", "run a large input (--size, --fit native) in tiles of this side")
    .option(
      "--tile-margin <pixels>",
      "what tiles overlap on each side, or full: all the network sees (default: nine tenths of it)",
    );
}

/**
 * What the words say of tiles, for a recipe.
 * @throws BlemishError OPTION_VALUE
 */
export function tileOptions({ tile, tileMargin }: TileWords): Pick<RecipeOptions, "tile" | "tileMargin"> {
  return {
    ...(tile !== undefined && { tile: wholeNumber("--tile", tile, 1, MOST_PIXELS) }),
    ...(tileMargin !== undefined && {
      tileMargin: tileMargin === "full" ? "full" : wholeNumber("--tile-margin", tileMargin, 0, MOST_PIXELS),
    }),
  };
}
