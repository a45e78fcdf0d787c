/** The margin of tiles, where it follows from how far the network sees. */
import { BlemishError, type RecipeOptions, readOnnx, receptiveField, tileUnit } from "@blemish/core";
import type { Backbone } from "../backbones/load-backbone.js";

/**
 * Share of the receptive field's radius that a margin covers by default. What lies farther hardly weighs: with the embedded
 * backbone (radius 169, margin 160) it changes a tap by 10⁻⁵ of its range.
 */
const SHARE = 0.9;

/**
 * The options with the margin of their tiles in pixels, where there are tiles and it is not given in pixels.
 * @throws BlemishError OPTION_VALUE for a network whose every place depends on the whole picture.
 */
export function withTileMargin(
  options: RecipeOptions,
  { manifest, modelBytes, folder }: Backbone,
): RecipeOptions {
  const { tile, tileMargin } = options;
  if (tile === undefined || typeof tileMargin === "number") return options;
  const names = manifest.taps.map(({ name }) => name);
  const radius = Math.ceil((receptiveField(readOnnx(modelBytes, folder).graph, names) - 1) / 2);
  if (!Number.isFinite(radius))
    throw new BlemishError("OPTION_VALUE", {
      subject: "--tile-margin",
      expected: `pixels, because the network ${manifest.id} sees the whole picture from every place, so that tiles change what it sees`,
      found: tileMargin ?? "none",
    });
  const unit = tileUnit(manifest);
  const pixels = tileMargin === "full" ? radius : SHARE * radius;
  return { ...options, tileMargin: unit * Math.ceil(pixels / unit) };
}
