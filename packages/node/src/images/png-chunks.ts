/**
 * The parts of a plain PNG file: 8-bit grey, RGB or RGBA, not interlaced, whole, with nothing in it that could change
 * its pixels or its orientation. Any other file is none of the business of this reader, broken ones included: null.
 */
import { crc32 } from "node:zlib";

/** What a plain PNG file holds. */
export interface PlainPng {
  readonly width: number;
  readonly height: number;
  /** Samples per pixel: grey, RGB, RGBA. */
  readonly channels: 1 | 3 | 4;
  /** The compressed rows, in pieces as they stand in the file. */
  readonly pieces: readonly Uint8Array[];
  /** Whether the checksums of these pieces are right. It takes time, and nothing else waits for it. */
  readonly piecesAreRight: () => boolean;
}

const SIGNATURE_BYTES = 8;
/** Length, type and checksum. */
const FRAME_BYTES = 12;
const HEADER_BYTES = 13;
/** Longest side that libpng reads. */
const MAX_SIDE = 1_000_000;
/** Chunks besides the pixels, and their size, that are looked at here. */
const MAX_NOTES = 100;
const MAX_NOTE_BYTES = 1_000_000;

/** Channels by the file's number for its kind of pixels. */
const CHANNELS: Readonly<Record<number, 1 | 3 | 4>> = { 0: 1, 2: 3, 6: 4 };

/** Chunks that say nothing of the stored samples, and how long they are; null = it varies. */
const NOTES: Readonly<Record<string, number | null>> = {
  ...{ gAMA: 4, cHRM: 32, sRGB: 1, pHYs: 9, tIME: 7 },
  ...{ tEXt: null, iTXt: null },
};

/**
 * The parts of a file whose first bytes are a PNG's; null when it is not plain or not whole. The checksums of the rows are
 * left to be looked at.
 */
export function plainPngOf(bytes: Uint8Array): PlainPng | null {
  // Old versions of Node cannot check the sums.
  if (typeof crc32 !== "function") return null;
  const pieces: Uint8Array[] = [];
  const sums: (() => boolean)[] = [];
  let header: PngHeader | null = null;
  let notes = 0;
  let last = "";
  for (const { type, data, isRight } of chunks(bytes)) {
    if (type !== "IDAT" && !isRight()) return null;
    if (type === "IHDR") header = header === null && last === "" ? headerOf(data) : null;
    if (header === null) return null;
    if (type === "IDAT") {
      if (pieces.length > 0 && last !== "IDAT") return null;
      pieces.push(data);
      sums.push(isRight);
    } else if (type !== "IHDR" && type !== "IEND") {
      if (++notes > MAX_NOTES || !isNote(type, data)) return null;
    }
    last = type;
  }
  if (header === null || last !== "IEND" || pieces.length === 0) return null;
  return { ...header, pieces, piecesAreRight: () => sums.every((isRight) => isRight()) };
}

type PngHeader = Pick<PlainPng, "width" | "height" | "channels">;

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** Whether its checksum is right. */
  readonly isRight: () => boolean;
}

/** All chunks of a whole file; stops early (not at IEND) where a length is wrong. */
function* chunks(bytes: Uint8Array): Generator<Chunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = SIGNATURE_BYTES;
  while (at + FRAME_BYTES <= bytes.length) {
    const length = view.getUint32(at);
    const end = at + FRAME_BYTES + length;
    if (end > bytes.length) return;
    const summed = bytes.subarray(at + 4, end - 4);
    const isRight = () => view.getUint32(end - 4) === crc32(summed);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const isEnd = type === "IEND";
    // The end is empty and nothing follows.
    if (isEnd && (length > 0 || end < bytes.length)) return;
    yield { type, data: summed.subarray(4), isRight };
    if (isEnd) return;
    at = end;
  }
}

function headerOf(data: Uint8Array): PngHeader | null {
  if (data.length !== HEADER_BYTES) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, kind, compression, filter, interlace] = data.subarray(8);
  const channels = CHANNELS[kind!];
  const sides = width >= 1 && height >= 1 && width <= MAX_SIDE && height <= MAX_SIDE;
  const plain = depth === 8 && compression === 0 && filter === 0 && interlace === 0;
  return sides && plain && channels !== undefined ? { width, height, channels } : null;
}

function isNote(type: string, data: Uint8Array): boolean {
  if (!Object.hasOwn(NOTES, type) || data.length > MAX_NOTE_BYTES) return false;
  const length = NOTES[type];
  return length === null ? isPlainText(type, data) : data.length === length;
}

/** Text that is not compressed and not EXIF data in disguise. */
function isPlainText(type: string, data: Uint8Array): boolean {
  const end = data.indexOf(0);
  if (end < 1 || end > 79) return false;
  const keyword = String.fromCharCode(...data.subarray(0, end)).toLowerCase();
  if (keyword.startsWith("raw profile")) return false;
  return type === "tEXt" || data[end + 1] === 0;
}
