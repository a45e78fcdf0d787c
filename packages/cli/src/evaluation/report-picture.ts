/** Pictures, maps and masks as the report wants them: small, in `data:` URIs. */
import {
  type Capture,
  cropAt,
  type FloatMap,
  type Mask,
  resizeArea,
  resizeLinearMap,
  resizeNearest,
  type TrainedPicture,
  viewOf,
} from "@blemish/core";
import { encodeMaskPng, encodePng, encodeWebp, readImage } from "@blemish/node";

/** Longest sides in pixels. */
const SIDES = { picture: 320, map: 96, mask: 160 };

/** Raw values that a map's bytes 0 and 255 stand for. */
export interface MapRange {
  readonly min: number;
  readonly max: number;
}

/**
 * The picture as a small WebP; null when it cannot be read (any more).
 * @param capture how the model's pictures are taken. Without a range it looks as OpenCV reads it.
 * @param looked what of its pictures the model looks at: what map and mask show.
 */
export async function pictureUri(
  path: string,
  capture?: Capture,
  looked?: TrainedPicture,
): Promise<string | null> {
  const whole = await readImage(path, capture === undefined ? {} : { capture }).catch(() => null);
  if (whole === null) return null;
  const image = cropAt(whole, viewOf(whole, looked));
  const { width, height } = within(image, SIDES.picture);
  return uri("image/webp", await encodeWebp(resizeArea(image, width, height)));
}

/** A map small enough to be kept until the range of all maps is known. */
export function smallMap(map: FloatMap): FloatMap {
  const { width, height } = within(map, SIDES.map);
  return resizeLinearMap(map, width, height);
}

/** A map as a grey PNG; values beyond the range are cut off. */
export async function mapUri({ width, height, data }: FloatMap, { min, max }: MapRange): Promise<string> {
  const scale = max > min ? 255 / (max - min) : 0;
  const grey = Uint8Array.from(data, (value) => Math.min(255, Math.max(0, (value - min) * scale)));
  return uri("image/png", await encodePng({ width, height, channels: 1, data: grey }));
}

/** A mask as a grey PNG of 0 and 255. */
export async function maskUri(mask: Mask): Promise<string> {
  const { width, height } = within(mask, SIDES.mask);
  return uri("image/png", await encodeMaskPng(resizeNearest(mask, width, height)));
}

/** The smallest range that holds all values; null for no maps. */
export function rangeOf(maps: readonly FloatMap[]): MapRange | null {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { data } of maps) {
    for (const value of data) {
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return min <= max ? { min, max } : null;
}

/** The size with sides of at most `longest`, never larger than it is. */
function within(size: { readonly width: number; readonly height: number }, longest: number) {
  const scale = Math.min(1, longest / Math.max(size.width, size.height));
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return { width: side(size.width), height: side(size.height) };
}

function uri(type: string, bytes: Uint8Array): string {
  return `data:${type};base64,${Buffer.from(bytes).toString("base64")}`;
}
