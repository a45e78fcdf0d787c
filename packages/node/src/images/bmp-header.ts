/** The headers of a BMP file: sizes, storage, palette and channel masks, checked. Pixels are `decode-bmp.ts`'s matter. */
import { BlemishError } from "@blemish/core";
import { byteReader } from "./byte-reader.js";

/** How pixels are stored: palette indices, packed or whole colour channels. */
export type BmpStorage = "indices" | "rle" | "packed" | "channels";

/** What the headers say, after checks. */
export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly storage: BmpStorage;
  /** Offset of the pixels. */
  readonly pixels: number;
  /** 256 entries of R, G, B; entries that the file does not give are black. */
  readonly palette: Uint8Array;
  /** Masks of red, green and blue in a pixel of 16 or 32 bits. */
  readonly masks: readonly [number, number, number];
}

const HEADER_SIZES = [12, 40, 52, 56, 64, 108, 124];
const RAW_BITS = [1, 4, 8, 16, 24, 32];
const COMPRESSIONS = ["none", "RLE8", "RLE4", "bit fields", "JPEG", "PNG", "bit fields with alpha"];

/** Throws IMAGE_FORMAT for a variant that is not read, naming it, and IMAGE_BROKEN when the headers are cut off. */
export function readBmpHeader(bytes: Uint8Array, subject: string): BmpHeader {
  const { u16, u32, i32 } = byteReader(bytes, true);
  const size = u32(14);
  if (bytes.length < 26 || bytes.length < 14 + size) throw new BlemishError("IMAGE_BROKEN", { subject });
  if (!HEADER_SIZES.includes(size)) throw unread(subject, `a BMP header of ${size} bytes`);
  const old = size === 12;
  const height = old ? u16(20) : i32(22);
  const bits = old ? u16(24) : u16(28);
  const compression = old ? 0 : u32(30);
  const storage = storageOf(bits, compression, size, subject);
  const colours = (!old && u32(46)) || 256;
  // Only the short header keeps the masks behind it, in front of the palette.
  const masksBehind = size === 40 ? ({ 3: 12, 6: 16 }[compression] ?? 0) : 0;
  return {
    width: old ? u16(18) : i32(18),
    height: Math.abs(height),
    topDown: height < 0,
    bits,
    storage,
    pixels: u32(10),
    palette: readPalette(bytes, 14 + size + masksBehind, u32(10), Math.min(colours, 2 ** bits), old ? 3 : 4),
    masks: compression === 0 ? defaultMasks(bits) : [u32(54), u32(58), u32(62)],
  };
}

function storageOf(bits: number, compression: number, size: number, subject: string): BmpStorage {
  const name = COMPRESSIONS[compression] ?? `number ${compression}`;
  const raw = compression === 0 && RAW_BITS.includes(bits);
  const rle = (compression === 1 && bits === 8) || (compression === 2 && bits === 4);
  // In the OS/2 header (64 bytes) 3 means Huffman coding.
  const fields = (compression === 3 || compression === 6) && (bits === 16 || bits === 32) && size !== 64;
  if (!raw && !rle && !fields)
    throw unread(subject, `a BMP of ${bits} bits a pixel with compression ${name}`);
  if (rle) return "rle";
  if (bits === 16) return "packed";
  return bits <= 8 ? "indices" : "channels";
}

function defaultMasks(bits: number): [number, number, number] {
  return bits === 16 ? [0x7c00, 0x3e0, 0x1f] : [0xff0000, 0xff00, 0xff];
}

function readPalette(
  bytes: Uint8Array,
  from: number,
  end: number,
  colours: number,
  entry: number,
): Uint8Array {
  const palette = new Uint8Array(3 * 256);
  const last = Math.min(end, bytes.length) - entry;
  for (let i = 0, at = from; i < Math.min(colours, 256) && at <= last; i++, at += entry) {
    palette[3 * i] = bytes[at + 2]!;
    palette[3 * i + 1] = bytes[at + 1]!;
    palette[3 * i + 2] = bytes[at]!;
  }
  return palette;
}

function unread(subject: string, found: string): BlemishError {
  return new BlemishError("IMAGE_FORMAT", { subject, found });
}
