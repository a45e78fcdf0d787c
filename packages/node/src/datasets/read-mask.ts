/** The mask of a picture, from its file. Which values count is core's `mask-from-image.ts`. */
import { readFile } from "node:fs/promises";
import { BlemishError, type Mask, maskFromImage } from "@blemish/core";
import { decodeImage } from "../images/decode-image.js";

/**
 * Reads a mask for a picture of the given size, 1 = defect. A mask without a single defect pixel is given as it is:
 * the caller knows whether that can be.
 *
 * @throws BlemishError MASK when the sizes differ, naming both; IMAGE_NOT_FOUND and the errors of decoding
 */
export async function readMask(path: string, width: number, height: number): Promise<Mask> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    const found = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new BlemishError("IMAGE_NOT_FOUND", { subject: path, found, cause });
  });
  const mask = maskFromImage(await decodeImage(bytes, path));
  if (mask.width === width && mask.height === height) return mask;
  const [expected, found] = [`${width} × ${height} pixels as the picture`, `${mask.width} × ${mask.height}`];
  throw new BlemishError("MASK", { subject: path, expected, found });
}
