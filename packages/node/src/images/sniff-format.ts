/** Which format a file is, by its first bytes; its name plays no part. */
import type { ImageFormat } from "@blemish/core";

/** The format of an encoded picture, or null when the bytes begin like none of those that are read. */
export function sniffFormat(bytes: Uint8Array): Exclude<ImageFormat, "pixels"> | null {
  const start = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (start.startsWith("\xff\xd8\xff")) return "jpeg";
  if (/^GIF8[79]a/.test(start)) return "gif";
  if (/^RIFF[\s\S]{4}WEBP/.test(start)) return "webp";
  // 42 = classic TIFF, 43 = BigTIFF.
  if (/^(II[*+]\0|MM\0[*+])/.test(start)) return "tiff";
  if (/^P[1-6][\s#]/.test(start)) return "pnm";
  if (start.startsWith("BM")) return "bmp";
  return null;
}
