/**
 * Small copies of the training pictures that a model names in explanations. They are made after the training, of a few
 * pictures only: memory does not grow with the number of pictures.
 */
import {
  type AlignmentModel,
  alignerOf,
  applyCapture,
  type Capture,
  describeModelFile,
  type EncodedThumbnail,
  packThumbnails,
  picturesByUse,
  type RgbImage,
  resizeArea,
  type StoredThumbnails,
  type TrainedModelFile,
  toRgb,
} from "@blemish/core";
import { decodeImage } from "../images/decode-image.js";
import type { DecodeLimits } from "../images/decode-limits.js";
import { compressWebpWithSharp } from "../images/decode-sharp.js";
import { readImageFile } from "../images/read-image-file.js";
import { sha256 } from "../sha256.js";
import { mapInOrder } from "../workers/map-in-order.js";
import { thumbnailLimit } from "./thumbnail-limit.js";
import type { TrainOptions } from "./train-options.js";
import { changed } from "./training-pictures.js";

/** Longest side in pixels, and quality of WebP: a quarter of the picture can be recognised, at 3 to 8 KB. */
const SIDE = 256;
const QUALITY = 70;

/**
 * Reads the pictures that the model names most often once more and shrinks them, until the next one would not fit.
 * @param model a trained model without thumbnails.
 * @param options `thumbnails` limits the bytes of all encoded files together; 0 reads nothing.
 * @param atOnce pictures that are read side by side; the bytes are the same for any number.
 * @returns null for none.
 * @throws BlemishError CANCELLED; MODEL_STATISTICS when a file is not the one that was trained on; what reading throws.
 */
export async function makeThumbnails(
  model: TrainedModelFile,
  options: TrainOptions,
  atOnce: number,
): Promise<StoredThumbnails | null> {
  const limit = thumbnailLimit(options);
  if (limit === 0) return null;
  const { signal, onProgress, limits = {} } = options;
  const { files } = model.manifest.training;
  const numbers = picturesByUse(model);
  const { capture, alignment } = describeModelFile(model);
  const made: EncodedThumbnail[] = [];
  let bytes = 0;
  const task = async (picture: number): Promise<EncodedThumbnail> => {
    const { path, sha256: hash } = files[picture]!;
    const content = await readImageFile(path, limits);
    if (sha256([content]) !== hash) throw changed(path);
    return { picture, bytes: await thumbnailFrom(content, path, limits, { capture, alignment }) };
  };
  for await (const one of mapInOrder(numbers, task, { limit: atOnce, signal })) {
    bytes += one.bytes.length;
    if (bytes > limit) break;
    made.push(one);
    onProgress?.("thumbnails", made.length, numbers.length);
  }
  return packThumbnails(made);
}

/** The thumbnail of an encoded picture, as the model sees it: aligned where it aligns. @throws BlemishError of `decodeImage`. */
export async function thumbnailFrom(
  content: Uint8Array,
  subject: string,
  limits: Partial<DecodeLimits>,
  {
    capture,
    alignment,
  }: { readonly capture?: Capture | undefined; readonly alignment?: AlignmentModel | undefined },
): Promise<Uint8Array> {
  const decoded = await decodeImage(content, subject, limits);
  const image = toRgb(applyCapture(decoded, capture, subject), "opencv");
  return shrunk(alignment === undefined ? image : alignerOf(alignment)(image).image);
}

function shrunk(image: RgbImage): Promise<Uint8Array> {
  const scale = Math.min(1, SIDE / Math.max(image.width, image.height));
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return compressWebpWithSharp(resizeArea(image, side(image.width), side(image.height)), QUALITY);
}
