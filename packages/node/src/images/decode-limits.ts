/** How much a picture may be before it is decoded: the guard against files that claim to be enormous. */
import { BlemishError } from "@blemish/core";

/** Limits of decoding. Both are checked before any pixel is decoded. */
export interface DecodeLimits {
  /** Most pixels (width × height). */
  readonly maxPixels: number;
  /** Most bytes of the encoded file. */
  readonly maxBytes: number;
}

/** 200 megapixels and 256 MB (1 MB = 1,000,000 bytes). */
export const DEFAULT_LIMITS: DecodeLimits = { maxPixels: 200e6, maxBytes: 256e6 };

/** Throws IMAGE_EMPTY for 0 bytes and IMAGE_TOO_LARGE above the limit. */
export function checkBytes(bytes: number, subject: string, limits: DecodeLimits): void {
  if (bytes === 0) throw new BlemishError("IMAGE_EMPTY", { subject });
  if (bytes > limits.maxBytes) {
    const [expected, found] = [`at most ${millions(limits.maxBytes)} MB`, `${millions(bytes)} MB`];
    throw new BlemishError("IMAGE_TOO_LARGE", { subject, expected, found });
  }
}

/** Throws IMAGE_BROKEN for a side of 0 (or no number) and IMAGE_TOO_LARGE above the limit. */
export function checkPixels(width: number, height: number, subject: string, limits: DecodeLimits): void {
  const sides = `${width} × ${height} pixels`;
  if (!(width >= 1 && height >= 1)) throw new BlemishError("IMAGE_BROKEN", { subject, found: sides });
  if (width * height > limits.maxPixels) {
    const expected = `at most ${millions(limits.maxPixels)} million pixels`;
    throw new BlemishError("IMAGE_TOO_LARGE", { subject, expected, found: sides });
  }
}

function millions(value: number): string {
  return String(Number((value / 1e6).toPrecision(6)));
}
