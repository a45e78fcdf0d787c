/** An explanation in short phrases, for lines of text and for pictures. */
import type { DetectorExplanation, PlaceExplanation, RelativeBox } from "../detector/explanation.js";
import { short } from "./format-number.js";

const NAMES = { padim: "PaDiM", patchcore: "PatchCore" } as const;

/** Channels that are named. */
const CHANNELS = 3;

/** Such as "70 % PatchCore at 256 px". */
export function detectorPhrase({ kind, share, size }: DetectorExplanation): string {
  return `${percent(share)} ${NAMES[kind]} at ${size} px`;
}

/** Such as "channels layer2 41 (32 %), layer1 3 (12 %)"; "" for none. */
export function channelPhrase({ channels }: Pick<DetectorExplanation, "channels">): string {
  const named = channels
    .slice(0, CHANNELS)
    .map(({ channel, tap, share }) => `${tap === null ? "" : `${tap} `}${channel} (${percent(share)})`);
  return named.length === 0 ? "" : `${named.length === 1 ? "channel" : "channels"} ${named.join(", ")}`;
}

/** The middle of a box as shares of the sides, such as "(34 %, 61 %)". */
export function boxPhrase({ x, y, width, height }: RelativeBox): string {
  return `(${percent(x + width / 2)}, ${percent(y + height / 2)})`;
}

/** A place, given as shares of the sides, in pixels of a picture, such as "35, 44". */
export function pixelPhrase(
  { x, y }: { readonly x: number; readonly y: number },
  { width, height }: { readonly width: number; readonly height: number },
): string {
  return `${Math.floor(x * width)}, ${Math.floor(y * height)}`;
}

/** A training picture as it is called: the last part of its path, or its number; −1 = the model does not say which. */
export function pictureName(picture: number, path: string): string {
  if (picture < 0) return "a good picture";
  return path.split(/[/\\]/).at(-1) || `good picture ${picture + 1}`;
}

/**
 * What every detector says of a place, that with the largest share first: "70 % PatchCore at 256 px: nearest good patches
 * 012.png at (34 %, 61 %), distance 3.1; …" and "30 % PaDiM at 256 px: channels …; typical here 044.png". Without
 * line ends.
 */
export function explanationWords({ detectors }: PlaceExplanation): string[] {
  return strongestFirst(detectors).map((detector) => {
    const said = [nearestPhrase(detector), channelPhrase(detector), typicalPhrase(detector)];
    const words = said.filter((phrase) => phrase !== "").join("; ");
    return words === "" ? detectorPhrase(detector) : `${detectorPhrase(detector)}: ${words}`;
  });
}

/** Detectors by their shares, the largest first. */
export function strongestFirst(detectors: readonly DetectorExplanation[]): DetectorExplanation[] {
  return detectors.toSorted((a, b) => b.share - a.share);
}

function nearestPhrase({ nearest }: DetectorExplanation): string {
  const patches = `nearest good ${nearest.length === 1 ? "patch" : "patches"}`;
  if (nearest.length > 0 && nearest.every(({ picture }) => picture < 0)) {
    const distances = nearest.map(({ distance }) => short(distance, 3)).join(", ");
    return `${patches} at distance ${distances}, of pictures that the model does not name`;
  }
  const named = nearest.map(({ picture, path, box, distance }) => {
    const place = box === null ? "" : ` at ${boxPhrase(box)}`;
    return `${pictureName(picture, path)}${place}, distance ${short(distance, 3)}`;
  });
  return named.length === 0 ? "" : `${patches} ${named.join("; ")}`;
}

function typicalPhrase({ typical }: DetectorExplanation): string {
  return typical === null ? "" : `typical here ${pictureName(typical.picture, typical.path)}`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
