/**
 * Small copies of training pictures in a model file, so that an explanation can show what it names. They are encoded files
 * one behind another; core stores them and decodes nothing.
 */
import { BlemishError } from "../errors.js";
import { detectorsOf } from "./detectors-of.js";
import type { ModelManifest } from "./manifest.js";
import type { NamedArray } from "./safetensors.js";
import type { StoredDetector } from "./stored-detectors.js";
import type { TakeArray } from "./take-array.js";

/** Encoded pictures (WebP, as `@blemish/node` writes them). At least one. */
export interface StoredThumbnails {
  /** `[n]`: the training picture of each, ascending. */
  readonly picture: Int32Array;
  /** `[n + 1]`: where each begins in `bytes`, and where the last one ends. */
  readonly offset: Int32Array;
  readonly bytes: Uint8Array;
}

/** One thumbnail: a training picture's number and its encoded small copy. */
export interface EncodedThumbnail {
  readonly picture: number;
  readonly bytes: Uint8Array;
}

/** Thumbnails as they are stored, in the order of their pictures; null for none. */
export function packThumbnails(thumbnails: readonly EncodedThumbnail[]): StoredThumbnails | null {
  if (thumbnails.length === 0) return null;
  const sorted = thumbnails.toSorted((a, b) => a.picture - b.picture);
  const offset = new Int32Array(sorted.length + 1);
  for (const [i, { bytes }] of sorted.entries()) offset[i + 1] = offset[i] + bytes.length;
  const all = new Uint8Array(offset[sorted.length]);
  for (const [i, { bytes }] of sorted.entries()) all.set(bytes, offset[i]);
  return { picture: Int32Array.from(sorted, ({ picture }) => picture), offset, bytes: all };
}

/** The encoded file of a picture, on the memory of the model; null where there is none. */
export function thumbnailOf(thumbnails: StoredThumbnails | undefined, picture: number): Uint8Array | null {
  const at = thumbnails?.picture.indexOf(picture) ?? -1;
  return thumbnails === undefined || at < 0
    ? null
    : thumbnails.bytes.subarray(thumbnails.offset[at], thumbnails.offset[at + 1]);
}

/**
 * The training pictures that an explanation can name, those that it may name most often first: of each memory bank the
 * pictures that its rows come from, of PaDiM those that are typical somewhere. A place of the grid and a row of a bank count
 * alike, each as its share of its detector.
 */
export function picturesByUse(model: {
  readonly manifest: ModelManifest;
  readonly detectors: readonly StoredDetector[];
}): number[] {
  const use = new Map<number, number>();
  for (const i of detectorsOf(model.manifest).keys()) {
    const { head } = model.detectors[i];
    const named = head.kind === "patchcore" ? head.bank.picture : (head.typical ?? []);
    for (const picture of named) use.set(picture, (use.get(picture) ?? 0) + 1 / named.length);
  }
  return Array.from(use)
    .sort(([a, often], [b, oftener]) => oftener - often || a - b)
    .map(([picture]) => picture);
}

/** The arrays to be written. */
export function thumbnailArrays({ picture, offset, bytes }: StoredThumbnails): Record<string, NamedArray> {
  return {
    "thumbnails.picture": { type: "I32", shape: [picture.length], data: picture },
    "thumbnails.offset": { type: "I32", shape: [offset.length], data: offset },
    "thumbnails.bytes": { type: "U8", shape: [bytes.length], data: bytes },
  };
}

/** The thumbnails in a file. @throws MODEL_BROKEN when an array is missing or of another size than the others say. */
export function readThumbnails(take: TakeArray): StoredThumbnails {
  const bytes = take("thumbnails.bytes", "U8", null) as Uint8Array;
  const picture = take("thumbnails.picture", "I32", null) as Int32Array;
  const offset = take("thumbnails.offset", "I32", [picture.length + 1]) as Int32Array;
  return { picture, offset, bytes };
}

/**
 * Refuses places outside the bytes and pictures that are none of the training's.
 * @param files number of training pictures.
 * @throws MODEL_BROKEN.
 */
export function checkThumbnails(
  { picture, offset, bytes }: StoredThumbnails,
  files: number,
  subject: string,
): void {
  const ascending = (values: Int32Array) => values.every((value, i) => i === 0 || value > values[i - 1]);
  const right =
    picture.length > 0 &&
    ascending(picture) &&
    picture[0] >= 0 &&
    picture[picture.length - 1] < files &&
    ascending(offset) &&
    offset[0] === 0 &&
    offset[offset.length - 1] === bytes.length;
  if (!right)
    throw new BlemishError("MODEL_BROKEN", {
      subject,
      expected: "thumbnails of training pictures, one behind another",
      found: "others",
    });
}
