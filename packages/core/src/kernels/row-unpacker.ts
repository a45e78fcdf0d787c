/**
 * The rows of a PNG file, inflated and unfiltered in one memory. In which thread what is done is left to the caller: one
 * may inflate while another undoes the filters of what has come out. It takes nothing that is not right to the last bit;
 * who wants to know what is wrong asks another decoder.
 */
import { instantiate } from "./instantiate.js";
import { reserve, STRIP_BYTES, stripRows } from "./pixel-memory.js";

/** The rows of a picture as a PNG file stores them. */
export interface PackedRows {
  /** A zlib stream (RFC 1950), in pieces. */
  readonly pieces: readonly Uint8Array[];
  readonly height: number;
  /** Bytes of a row of samples. */
  readonly rowBytes: number;
  /** Bytes of a pixel, 1 to 4. */
  readonly pixelBytes: number;
}

/** A stream in the memory, and where it is inflated to: byte offsets, which another thread can be told. */
export interface PlacedStream {
  readonly room: number;
  /** The deflated data alone (RFC 1951) and its end. */
  readonly source: number;
  readonly end: number;
  readonly out: number;
  /** Bytes that have to come out. */
  readonly length: number;
  /** Where undone rows stand before they are copied out; right before it the row above them. */
  readonly strip: number;
}

/** Undoes the filters of a picture as its bytes come. */
export interface RowCollector {
  /** Copies out rows that are whole in the first `bytes`, and all of them in the end. @returns false when one names a filter that there is not. */
  take(bytes: number): boolean;
  /** Whether that was everything, and the checksum is right. */
  isWhole(): boolean;
}

/** Steps of unpacking, to be called in their order. */
export interface RowUnpacker {
  /** Puts a stream into the memory, in the place of the one before. @returns null when there is no room for it. */
  place(rows: PackedRows): PlacedStream | null;
  /**
   * Inflates. It may run in another thread than the others.
   * @param cameOut is called again and again with the bytes so far; false ends it.
   * @returns whether the stream was right, ended where it should and gave as many bytes as it should.
   */
  inflate(stream: PlacedStream, cameOut: (bytes: number) => boolean): boolean;
  /** @param out `[height, rowBytes]`, overwritten. */
  collect(rows: PackedRows, stream: PlacedStream, out: Uint8Array): RowCollector;
}

interface Exports {
  inflateRoom(): number;
  inflateBegin(room: number, source: number, end: number, out: number): void;
  inflateOn(room: number, limit: number): number;
  inflateOut(room: number): number;
  adler(from: number, to: number, soFar: number): number;
  undoRows(source: number, out: number, rows: number, rowBytes: number, pixelBytes: number): number;
}

/** Bytes of stream, rows and tables together; larger pictures are left to others, because the memory never shrinks. */
export const MOST_ROW_BYTES = 1 << 26;

/** What `inflateOn` gives in the end. */
const DONE = 3;
/** Bytes that the last copy of a stream may write too many, the margin of each part not counted. */
const OVERRUN = 320;
/**
 * Rows that are copied out together, or a multiple of them: so each copy begins at a multiple of eight bytes here and there.
 * Between shared memory and other, engines take ten times as long for copies that do not.
 */
const ROWS_AT_ONCE = 8;
const HEADER_BYTES = 2;
const CHECKSUM_BYTES = 4;

/**
 * An unpacker in a memory, which grows to what the largest picture so far needed.
 * @param memory shared when another thread is to inflate; nobody else should work in it.
 * @returns null where WebAssembly with SIMD is missing.
 */
export function rowUnpacker(memory: WebAssembly.Memory): RowUnpacker | null {
  const kernels = instantiate<Exports>(memory);
  if (kernels === null) return null;
  return {
    place: (rows) => place(memory, kernels.inflateRoom(), rows),
    inflate: (stream, cameOut) => inflate(kernels, stream, cameOut),
    collect: (rows, stream, out) => collect(kernels, new Uint8Array(memory.buffer), rows, stream, out),
  };
}

/** All steps in one thread. @returns null when there is no room, false when the stream is not right. */
export function unpackRows(unpacker: RowUnpacker, rows: PackedRows, out: Uint8Array): boolean | null {
  const stream = unpacker.place(rows);
  if (stream === null) return null;
  const collector = unpacker.collect(rows, stream, out);
  return unpacker.inflate(stream, collector.take) && collector.isWhole();
}

function place(
  memory: WebAssembly.Memory,
  roomBytes: number,
  { pieces, height, rowBytes }: PackedRows,
): PlacedStream | null {
  if (rowBytes < 1) return null;
  const packed = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const length = height * (rowBytes + 1);
  const sizes = [roomBytes, packed, rowBytes, rowsAtOnce(rowBytes) * rowBytes, length + OVERRUN];
  const places = reserve(memory, sizes, MOST_ROW_BYTES);
  if (places === null) return null;
  const [room, source, , strip, out] = places;
  const bytes = new Uint8Array(memory.buffer);
  const shared = typeof SharedArrayBuffer === "function" && memory.buffer instanceof SharedArrayBuffer;
  if (shared) bytes.set(join(pieces, new Uint8Array(packed), 0), source);
  else join(pieces, bytes, source);
  bytes.fill(0, strip - rowBytes, strip);
  const stop = source + packed;
  const end = Math.max(source + HEADER_BYTES, stop - CHECKSUM_BYTES);
  // A stream that cannot be one is given as empty, which is not right.
  const start = isZlib(bytes.subarray(source, stop)) ? source + HEADER_BYTES : end;
  return { room, source: start, end, out, length, strip };
}

function join(pieces: readonly Uint8Array[], target: Uint8Array, start: number): Uint8Array {
  let at = start;
  for (const piece of pieces) {
    target.set(piece, at);
    at += piece.length;
  }
  return target;
}

function rowsAtOnce(rowBytes: number): number {
  const rows = stripRows(rowBytes);
  return Math.max(ROWS_AT_ONCE, rows - (rows % ROWS_AT_ONCE));
}

/** RFC 1950: deflate, a window of 32 KB at most, no dictionary. */
function isZlib(stream: Uint8Array): boolean {
  const [method, flags] = stream;
  const known = (method & 15) === 8 && method >> 4 <= 7 && (flags & 32) === 0;
  return known && (256 * method + flags) % 31 === 0 && stream.length >= HEADER_BYTES + CHECKSUM_BYTES;
}

function inflate(
  kernels: Exports,
  { room, source, end, out, length }: PlacedStream,
  cameOut: (bytes: number) => boolean,
): boolean {
  kernels.inflateBegin(room, source, end, out);
  for (let state = 0, limit = 0; state < DONE; ) {
    // One byte more than there should be, so that the end of the stream is reached, or that it is too long is seen.
    limit = Math.min(limit + STRIP_BYTES, length + 1);
    state = kernels.inflateOn(room, out + limit);
    const bytes = kernels.inflateOut(room) - out;
    if (state > DONE || bytes > length || !cameOut(bytes)) return false;
    if (state === DONE) return bytes === length;
  }
  return false;
}

function collect(
  kernels: Exports,
  memory: Uint8Array,
  { height, rowBytes, pixelBytes }: PackedRows,
  stream: PlacedStream,
  out: Uint8Array,
): RowCollector {
  const { strip } = stream;
  const most = rowsAtOnce(rowBytes);
  let [row, summed, sum] = [0, 0, 1];
  const undo = (count: number): boolean => {
    if (!kernels.undoRows(stream.out + row * (rowBytes + 1), strip, count, rowBytes, pixelBytes))
      return false;
    out.set(memory.subarray(strip, strip + count * rowBytes), row * rowBytes);
    // The last row is what the next ones look up to.
    memory.copyWithin(strip - rowBytes, strip + (count - 1) * rowBytes, strip + count * rowBytes);
    row += count;
    return true;
  };
  return {
    take(bytes) {
      sum = kernels.adler(stream.out + summed, stream.out + bytes, sum);
      summed = bytes;
      let whole = Math.floor(bytes / (rowBytes + 1));
      if (whole < height) whole -= whole % ROWS_AT_ONCE;
      while (row < whole) if (!undo(Math.min(most, whole - row))) return false;
      return true;
    },
    isWhole: () => row === height && sum >>> 0 === checksumAt(memory, stream.end),
  };
}

function checksumAt(memory: Uint8Array, at: number): number {
  return new DataView(memory.buffer, at, CHECKSUM_BYTES).getUint32(0);
}
