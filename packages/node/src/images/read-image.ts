/** One picture from wherever it is, as the RGB pixels that a model of a given profile was trained to see. */
import {
  applyCapture,
  type Capture,
  type PixelArray,
  type Profile,
  pixelRuleOf,
  type RgbImage,
  rgbFromPixels,
  toRgb,
} from "@blemish/core";
import { decodeImage } from "./decode-image.js";
import type { DecodeLimits } from "./decode-limits.js";
import { readImageFile } from "./read-image-file.js";

/** A path, the bytes of an encoded file, or pixels. */
export type ImageSource = string | Uint8Array | PixelArray;

/** How a picture is read. */
export interface ReadImageOptions {
  /** Whose conventions: `anomalib-0.7` (default) = OpenCV's pixels, the others = Pillow's. */
  readonly profile?: Profile;
  /** How the picture was taken, as a model's description says it. Default: as the profile reads files. */
  readonly capture?: Capture;
  /** Defaults: 200 megapixels, 256 MB. */
  readonly limits?: Partial<DecodeLimits>;
}

/** How the pictures of a model are read, by its description or manifest. */
export function readingOf({
  profile,
  capture,
}: {
  readonly profile: Profile;
  readonly capture?: Capture;
}): Pick<ReadImageOptions, "profile" | "capture"> {
  return { profile, ...(capture !== undefined && { capture }) };
}

/**
 * The picture as RGB `[height, width, 3]`, 0–255. Pixels are taken as upright RGB whatever the profile, and share
 * their memory with the result where they are RGB already: a capture is about files, and pixels are what it would give.
 * Throws IMAGE_NOT_FOUND, IMAGE_PIXELS and the errors of {@link decodeImage} and core's `applyCapture`.
 */
export async function readImage(source: ImageSource, options: ReadImageOptions = {}): Promise<RgbImage> {
  if (typeof source !== "string" && !(source instanceof Uint8Array)) return rgbFromPixels(source);
  const { profile = "anomalib-0.7", capture, limits = {} } = options;
  const [bytes, subject] =
    typeof source === "string"
      ? [await readImageFile(source, limits), source]
      : [source, "the picture in memory"];
  const decoded = await decodeImage(bytes, subject, limits);
  return toRgb(applyCapture(decoded, capture, subject), pixelRuleOf(profile));
}
