/** What recipes of all profiles are made with: checks of the user's numbers, and the grid of a network input. */
import { BlemishError } from "../../errors.js";
import { ALIGN_MODES, type AlignMode } from "../../stages/alignment/alignment-model.js";
import type { BackboneManifest } from "../../stages/backbone/manifest.js";
import type { Extent } from "./recipe-types.js";

/** @throws OPTION_VALUE unless the network can take a picture of that side. */
export function checkSize(size: number, { input }: BackboneManifest): number {
  if (Number.isInteger(size) && size > 0 && size % input.multipleOf === 0 && size <= 4096) return size;
  throw new BlemishError("OPTION_VALUE", {
    subject: "The size (--size)",
    expected: `a multiple of ${input.multipleOf} up to 4096, in pixels`,
    found: String(size),
  });
}

/** @throws OPTION_VALUE unless the network can take a picture of that side, or of these sides. */
export function checkInput(size: number | Extent, backbone: BackboneManifest): number | Extent {
  if (typeof size === "number") return checkSize(size, backbone);
  return { width: checkSize(size.width, backbone), height: checkSize(size.height, backbone) };
}

/** @throws OPTION_VALUE unless the embedding has that many channels. */
export function checkChannels(channels: number, total: number): number {
  if (Number.isInteger(channels) && channels > 0 && channels <= total) return channels;
  throw wrongChannels(total, String(channels));
}

/** What `checkChannels` throws. */
export function wrongChannels(total: number, found: string): BlemishError {
  return new BlemishError("OPTION_VALUE", {
    subject: "The number of channels (--channels)",
    expected: `a whole number from 1 to ${total}`,
    found,
  });
}

/** Channels of all taps together. */
export function totalChannels({ taps }: BackboneManifest): number {
  return taps.reduce((sum, tap) => sum + tap.channels, 0);
}

/** @throws OPTION_VALUE for an unknown way to align pictures. */
export function checkAlign(mode: AlignMode): AlignMode {
  if (ALIGN_MODES.includes(mode)) return mode;
  throw new BlemishError("OPTION_VALUE", {
    subject: "The alignment (--align)",
    expected: ALIGN_MODES.join(" or "),
    found: String(mode),
  });
}
