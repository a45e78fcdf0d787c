/** The mask of a picture, from its file. Which values count is core's `mask-from-image.ts`. */
import { BlemishError, type Mask, maskFromImage } from "@blemish/core";
import { decodeImage } from "../images/decode-image.js";
import { readImageFile } from "../images/read-image-file.js";

/**
 * Reads a mask for a picture of the given size, 1 = defect. A mask without a single defect pixel is given as it is:
 * the caller knows whether that can be.
 *
 * @throws BlemishError MASK when the sizes differ, naming both; and the errors of `readImageFile` and decoding
 */
export async function readMask(path: string, width: number, height: number): Promise<Mask> {
  const mask = maskFromImage(await decodeImage(await readImageFile(path, {}), path));
  if (mask.width === width && mask.height === height) return mask;
  const [expected, found] = [`${width} × ${height} pixels as the picture`, `${mask.width} × ${mask.height}`];
  throw new BlemishError("MASK", { subject: path, expected, found });
}
