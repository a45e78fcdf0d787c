/** Small pictures beside the findings of the health check. Only pictures that were found odd are opened again. */
import { type HealthFinding, type RgbImage, resizeArea, type Thumbnail } from "@blemish/core";
import { encodePng } from "../images/encode-png.js";
import { type ReadImageOptions, readImage } from "../images/read-image.js";

/** Longest side, pixels. */
const SIDE = 96;

/** Thumbnails in all, and for one finding. */
const MOST = 24;
const MOST_EACH = 4;

/**
 * The findings with thumbnails of their first pictures, until there are 24 in all; of pictures that cannot be read
 * there is none.
 * @param reading how the check read them.
 */
export async function addThumbnails(
  findings: readonly HealthFinding[],
  reading: ReadImageOptions,
): Promise<HealthFinding[]> {
  const result: HealthFinding[] = [];
  let left = MOST;
  for (const one of findings) {
    const thumbnails: Thumbnail[] = [];
    const paths = one.kind === "unreadable" ? [] : one.paths.slice(0, Math.min(left, MOST_EACH));
    for (const path of paths) {
      // A picture that has vanished since the check has no thumbnail; the next reader will say so.
      const png = await thumbnailOf(path, reading).catch(() => null);
      if (png !== null) thumbnails.push({ path, png });
    }
    left -= thumbnails.length;
    result.push({ ...one, thumbnails });
  }
  return result;
}

async function thumbnailOf(path: string, reading: ReadImageOptions): Promise<string> {
  const small = shrink(await readImage(path, reading));
  return Buffer.from(await encodePng(small)).toString("base64");
}

function shrink(image: RgbImage): RgbImage {
  const scale = Math.min(1, SIDE / Math.max(image.width, image.height));
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return resizeArea(image, side(image.width), side(image.height));
}
