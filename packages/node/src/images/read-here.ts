/**
 * How a worker thread reads pictures: in two parts, so that it can tell waiting for the disk from decoding, and plain
 * PNG files in its own thread. On the main thread use `readImage`, which blocks nobody and gives the same pixels.
 */
import {
  applyCapture,
  type Capture,
  type DecodedImage,
  type PixelArray,
  type PixelRule,
  type RgbImage,
  rgbFromPixels,
  toRgb,
} from "@blemish/core";
import { decodeImage } from "./decode-image.js";
import { checkBytes, DEFAULT_LIMITS, type DecodeLimits } from "./decode-limits.js";
import { decodePng, type UnpackRows } from "./decode-png.js";
import type { ImageSource } from "./read-image.js";
import { readImageFile } from "./read-image-file.js";
import { sniffFormat } from "./sniff-format.js";

/** Pictures that one worker reads at the same time, so that one is ready when the network is. */
export const READINGS = 2;

/** A picture that is in memory: the bytes of its file, or pixels, and what errors call it. */
export interface FetchedPicture {
  readonly content: Uint8Array | PixelArray;
  readonly subject: string;
}

/** How files become pixels: whose conventions, and what is known of the camera. */
export interface Reading {
  readonly rule: PixelRule;
  readonly capture?: Capture;
}

/** Brings a picture into memory. @throws BlemishError of `readImageFile`. */
export async function fetchPicture(
  source: ImageSource,
  limits: Partial<DecodeLimits>,
): Promise<FetchedPicture> {
  if (typeof source !== "string") return { content: source, subject: "the picture in memory" };
  return { content: await readImageFile(source, limits), subject: source };
}

/**
 * The RGB pixels of a picture in memory, as `readImage` gives them.
 * @param unpack see `decodePng`.
 * @throws BlemishError of `readImage`.
 */
export async function decodeHere(
  { content, subject }: FetchedPicture,
  { rule, capture }: Reading,
  limits: Partial<DecodeLimits>,
  unpack?: UnpackRows,
): Promise<RgbImage> {
  if (!(content instanceof Uint8Array)) return rgbFromPixels(content);
  const plain = decodePlain(content, subject, limits, unpack);
  const decoded = plain ?? (await decodeImage(content, subject, limits));
  return toRgb(applyCapture(decoded, capture, subject), rule);
}

function decodePlain(
  bytes: Uint8Array,
  subject: string,
  limits: Partial<DecodeLimits>,
  unpack?: UnpackRows,
): DecodedImage | null {
  const bounds = { ...DEFAULT_LIMITS, ...limits };
  checkBytes(bytes.length, subject, bounds);
  return sniffFormat(bytes) === "png" ? decodePng(bytes, subject, bounds, unpack) : null;
}
