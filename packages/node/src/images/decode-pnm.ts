/**
 * The Netpbm formats P1–P6 (PBM, PGM, PPM as text and as bytes; 8 and 16 bits), which sharp does not read and for
 * which no kept npm package was found. One picture per file; PAM (P7) and PFM are not read. Memory is only taken
 * once the file is known to be long enough for the picture that it announces.
 */
import { BlemishError, type DecodedImage } from "@blemish/core";
import { checkPixels, type DecodeLimits } from "./decode-limits.js";

interface PnmHeader {
  /** 1–6. */
  readonly kind: number;
  readonly width: number;
  readonly height: number;
  readonly max: number;
  /** Offset of the first byte after the header. */
  readonly start: number;
}

/**
 * Samples unscaled, with the file's maxval in `traits`; bitmaps become 0 (black) and 255. Throws IMAGE_TOO_LARGE
 * from the header alone and IMAGE_BROKEN for a damaged header, a missing sample or one above maxval in a text file.
 */
export function decodePnm(bytes: Uint8Array, subject: string, limits: DecodeLimits): DecodedImage {
  const header = readHeader(bytes, subject);
  const { kind, width, height, max, start } = header;
  checkPixels(width, height, subject, limits);
  const channels = kind % 3 === 0 ? 3 : 1;
  const count = width * height * channels;
  const deep = max > 255;
  const rowBytes = kind === 4 ? Math.ceil(width / 8) : width * channels * (deep ? 2 : 1);
  // In text a sample takes a digit and, but for bits, a separator.
  const needed = kind > 3 ? rowBytes * height : kind === 1 ? count : 2 * count;
  const present = bytes.length - start;
  if (present < needed) throw broken(subject, `${present} of ${needed} bytes of pixels`);
  const body = bytes.subarray(start);
  const data = deep ? new Uint16Array(count) : new Uint8Array(count);
  if (kind === 1) readBits(body, data, subject);
  else if (kind === 4) unpackBits(body, data, width, rowBytes);
  else if (kind < 4) readNumbers(body, data, max, subject);
  else if (deep) for (let i = 0; i < count; i++) data[i] = (body[2 * i]! << 8) | body[2 * i + 1]!;
  else data.set(body.subarray(0, count));
  const colour = channels === 3 ? "rgb" : "grey";
  const traits = kind % 3 === 1 ? {} : { maxValue: max, plainText: kind < 4 };
  return { format: "pnm", width, height, channels, colour, alpha: false, data, orientation: 1, traits };
}

function readHeader(bytes: Uint8Array, subject: string): PnmHeader {
  const kind = bytes[1]! - 0x30;
  const words: number[] = [];
  const wanted = kind % 3 === 1 ? 2 : 3;
  let at = 2;
  while (words.length < wanted) {
    at = skipSpace(bytes, at);
    const end = skipDigits(bytes, at);
    if (end === at || end - at > 9) throw broken(subject, "a damaged header");
    words.push(Number(Buffer.from(bytes.subarray(at, end)).toString("latin1")));
    at = end;
  }
  const [width = 0, height = 0, max = 1] = words;
  if (!isSpace(bytes[at])) throw broken(subject, "a damaged header");
  if (max < 1 || max > 65535) throw broken(subject, `a largest sample of ${max}`);
  return { kind, width, height, max, start: at + 1 };
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 9 && byte <= 13);
}

/** Skips white space and comments, which run from # to the end of the line. */
function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length) {
    if (bytes[at] === 0x23) while (at < bytes.length && bytes[at] !== 10 && bytes[at] !== 13) at++;
    else if (isSpace(bytes[at])) at++;
    else break;
  }
  return at;
}

function skipDigits(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at]! >= 0x30 && bytes[at]! <= 0x39) at++;
  return at;
}

/** P1: one character a pixel, separators optional, 1 = black. */
function readBits(body: Uint8Array, data: Uint8Array | Uint16Array, subject: string): void {
  let at = 0;
  for (let i = 0; i < data.length; i++) {
    at = skipSpace(body, at);
    const digit = body[at++];
    if (digit !== 0x30 && digit !== 0x31) throw broken(subject, `${i} of ${data.length} pixels`);
    data[i] = digit === 0x30 ? 255 : 0;
  }
}

/** P4: eight pixels a byte, each row begins a new byte, 1 = black. */
function unpackBits(body: Uint8Array, data: Uint8Array | Uint16Array, width: number, rowBytes: number): void {
  for (let i = 0, row = 0; i < data.length; row += rowBytes) {
    for (let x = 0; x < width; x++, i++) data[i] = (body[row + (x >> 3)]! >> (7 - (x & 7))) & 1 ? 0 : 255;
  }
}

/** P2 and P3. Like OpenCV it wants a separator after the last number too: without one that number may be cut off. */
function readNumbers(body: Uint8Array, data: Uint8Array | Uint16Array, max: number, subject: string): void {
  let at = 0;
  for (let i = 0; i < data.length; i++) {
    at = skipSpace(body, at);
    const end = skipDigits(body, at);
    let value = 0;
    for (let digit = at; digit < end && value <= max; digit++) value = 10 * value + body[digit]! - 0x30;
    if (end === at || end === body.length) throw broken(subject, `${i} of ${data.length} samples`);
    if (value > max) throw broken(subject, `a sample above ${max}`);
    data[i] = value;
    at = end;
  }
}

function broken(subject: string, found: string): BlemishError {
  return new BlemishError("IMAGE_BROKEN", { subject, found });
}
