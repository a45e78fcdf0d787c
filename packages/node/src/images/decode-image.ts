/** From the bytes of a file to its stored samples, whatever its format. Interpretation is core's `toRgb`. */
import { BlemishError, type DecodedImage } from "@blemish/core";
import { decodeBmp } from "./decode-bmp.js";
import { checkBytes, DEFAULT_LIMITS, type DecodeLimits } from "./decode-limits.js";
import { decodePnm } from "./decode-pnm.js";
import { decodeWithSharp } from "./decode-sharp.js";
import { sniffFormat } from "./sniff-format.js";

/**
 * Decodes PNG, JPEG, WebP, TIFF, BMP, PNM or GIF (first page or frame), recognised by content. `subject` names the
 * picture in errors. Throws IMAGE_EMPTY, IMAGE_FORMAT, IMAGE_TOO_LARGE (from the header, before pixels are decoded)
 * or IMAGE_BROKEN when a part is missing or damaged; nothing else.
 */
export async function decodeImage(
  bytes: Uint8Array,
  subject: string,
  limits: Partial<DecodeLimits> = {},
): Promise<DecodedImage> {
  const bounds = { ...DEFAULT_LIMITS, ...limits };
  checkBytes(bytes.length, subject, bounds);
  const format = sniffFormat(bytes);
  if (format === null) {
    const first = Buffer.from(bytes.subarray(0, 8))
      .toString("hex")
      .replace(/..(?=.)/g, "$& ");
    throw new BlemishError("IMAGE_FORMAT", { subject, found: `a file that begins with the bytes ${first}` });
  }
  if (format === "bmp") return decodeBmp(bytes, subject, bounds);
  if (format === "pnm") return decodePnm(bytes, subject, bounds);
  return decodeWithSharp(bytes, format, subject, bounds);
}
