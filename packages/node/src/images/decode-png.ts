/**
 * Plain PNG files decoded in the calling thread, in half of the time that libvips takes and without a step that has to wait
 * for an event loop. It blocks: it is for worker threads.
 */
import { inflateSync } from "node:zlib";
import { type DecodedImage, fastRowFilters, type PackedRows, unpackRowsHere } from "@blemish/core";
import { checkPixels, type DecodeLimits } from "./decode-limits.js";
import { plainPngOf } from "./png-chunks.js";

/**
 * Inflates rows and undoes their filters.
 * @param out `[height, rowBytes]`, overwritten.
 * @param goOn is asked once: first, or while another thread inflates; when it says false the outcome is of no use.
 * @returns false when the stream is not right; null when there is no room for it.
 */
export type UnpackRows = (rows: PackedRows, out: Uint8Array, goOn: () => boolean) => boolean | null;

/** This thread does it; null too where there are no kernels. */
export const unpackAlone: UnpackRows = (rows, out, goOn) => goOn() && unpackRowsHere(rows, out);

/**
 * The stored samples of a PNG file, the same as `decodeImage` gives.
 *
 * @param bytes a file that begins like a PNG.
 * @param unpack Default: this thread alone.
 * @returns null for everything that is not quite plain, damaged files included: those are for `decodeImage`, which
 *   decides whether they can be read and says what is wrong.
 * @throws BlemishError IMAGE_TOO_LARGE, before pixels are decoded.
 */
export function decodePng(
  bytes: Uint8Array,
  subject: string,
  limits: DecodeLimits,
  unpack: UnpackRows = unpackAlone,
): DecodedImage | null {
  const plain = plainPngOf(bytes);
  if (plain === null) return null;
  const { width, height, channels, pieces, piecesAreRight } = plain;
  checkPixels(width, height, subject, limits);
  const rows = { pieces, height, rowBytes: width * channels, pixelBytes: channels };
  // Every byte is written; `allocUnsafeSlow` shares its memory with nobody.
  const samples = new Uint8Array(Buffer.allocUnsafeSlow(height * rows.rowBytes).buffer);
  const right = unpack(rows, samples, piecesAreRight) ?? (piecesAreRight() && unpackByZlib(rows, samples));
  if (!right) return null;
  return {
    ...{ format: "png", width, height, channels },
    colour: channels === 1 ? "grey" : "rgb",
    alpha: channels === 4,
    data: samples,
    orientation: 1,
  };
}

/** Rows that the kernels have no room for, or where there are none. */
function unpackByZlib({ pieces, ...rows }: PackedRows, out: Uint8Array): boolean {
  const data = inflate(pieces, rows.height * (rows.rowBytes + 1));
  return data !== null && fastRowFilters().undo({ data, ...rows }, out);
}

/** What zlib gives with the option `info`. */
interface Inflated {
  readonly buffer: Uint8Array;
  /** `bytesWritten` counts what was read of the input. */
  readonly engine: { readonly bytesWritten: number };
}

/** The bytes of a zlib stream that has to give exactly `length` and to end with its input; null for any other. */
function inflate(pieces: readonly Uint8Array[], length: number): Uint8Array | null {
  const packed = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  // One chunk, a little larger than the data, so that zlib neither grows nor copies it.
  const options = { chunkSize: Math.max(length + 1, 64), maxOutputLength: length, info: true };
  try {
    const { buffer, engine } = inflateSync(packed, options) as unknown as Inflated;
    return buffer.length === length && engine.bytesWritten === packed.length ? buffer : null;
  } catch {
    return null;
  }
}
