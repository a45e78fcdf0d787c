/** Good pictures that a model keeps small, as pixels. */
import { type Detector, type RgbImage, toRgb } from "@blemish/core";
import { decodeImage } from "../images/decode-image.js";

/** The thumbnails of these training pictures; those that the model keeps none of, or none that can be decoded, are left out. */
export async function decodeThumbnails(
  numbers: readonly number[],
  { thumbnail }: Pick<Detector, "thumbnail">,
): Promise<Map<number, RgbImage>> {
  const found = await Promise.all(numbers.map(async (picture) => [picture, await decoded(picture)] as const));
  return new Map(found.flatMap(([picture, image]) => (image === null ? [] : [[picture, image]])));

  async function decoded(picture: number): Promise<RgbImage | null> {
    // A copy, because decoders are not made for memory that threads share.
    const bytes = thumbnail?.(picture)?.slice() ?? null;
    if (bytes === null) return null;
    const image = await decodeImage(bytes, "a thumbnail", {}).catch(() => null);
    return image === null ? null : toRgb(image, "opencv");
  }
}
