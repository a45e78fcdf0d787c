/**
 * Protobuf's wire format: reading with every length checked, and writing without copying weights. Knows nothing
 * of ONNX. A tag is a field number and a wire type in one number, as the file holds it; a field that arrives
 * with another wire type than expected has another tag and is skipped as unknown, as protobuf does.
 */
import { BlemishError } from "../errors.js";

/** Tag of a varint field (integers, booleans, enums). */
export const varint = (field: number): number => field * 8;
/** Tag of a fixed 64-bit field. */
export const fixed64 = (field: number): number => field * 8 + 1;
/** Tag of a length-delimited field (text, bytes, messages, packed numbers). */
export const delimited = (field: number): number => field * 8 + 2;
/** Tag of a fixed 32-bit field. */
export const fixed32 = (field: number): number => field * 8 + 5;

/** Most parts (messages, names, list entries) read from one file: far above any network, far below memory. */
const MAX_PARTS = 4_000_000;

/** What all cursors of one file share. */
interface WireFile {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Named in errors. */
  readonly subject: string;
  partsLeft: number;
}

/** A position in one message. Only the functions of this file move it. */
export interface Cursor {
  readonly file: WireFile;
  position: number;
  readonly end: number;
}

/** A cursor over the whole of `bytes`. */
export function openWire(bytes: Uint8Array, subject: string): Cursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // A plain view, so that parts of a subclass (Node's Buffer) do not leak into the model.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { file: { bytes: plain, view, subject, partsLeft: MAX_PARTS }, position: 0, end: plain.length };
}

/** The MODEL_BROKEN error for what was found at the cursor. */
export function broken(cursor: Cursor, found: string): BlemishError {
  return new BlemishError("MODEL_BROKEN", {
    subject: cursor.file.subject,
    found: `${found} at byte ${cursor.position}`,
  });
}

/** Next tag of the message, or 0 at its end. */
export function readTag(cursor: Cursor): number {
  if (cursor.position >= cursor.end) return 0;
  const tag = readUint(cursor);
  if (tag < 8 || tag > 0xffffffff) throw broken(cursor, "an impossible field number");
  return tag;
}

/** A varint that must be a whole number up to 2⁵³ − 1: tags, lengths, counts. */
export function readUint(cursor: Cursor): number {
  const { bytes } = cursor.file;
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    if (cursor.position >= cursor.end) throw broken(cursor, "the end of the data inside a number");
    const byte = bytes[cursor.position++]!;
    value += (byte & 127) * scale;
    if (!Number.isSafeInteger(value)) throw broken(cursor, "a number that is too large");
    if (byte < 128) return value;
    if (scale > 2 ** 49) throw broken(cursor, "a number that is too long");
  }
}

/** A varint as a signed 64-bit number. */
export function readInt64(cursor: Cursor): bigint {
  const { bytes } = cursor.file;
  let low = 0; // bits 0–27
  let middle = 0; // bits 28–55
  let high = 0; // bits 56–69
  for (let index = 0; index < 10; index++) {
    if (cursor.position >= cursor.end) throw broken(cursor, "the end of the data inside a number");
    const byte = bytes[cursor.position++]!;
    if (index < 4) low |= (byte & 127) << (7 * index);
    else if (index < 8) middle |= (byte & 127) << (7 * (index - 4));
    else high |= (byte & 127) << (7 * (index - 8));
    if (byte < 128) {
      if (middle === 0 && high === 0) return BigInt(low);
      return BigInt.asIntN(64, BigInt(low) | (BigInt(middle) << 28n) | (BigInt(high) << 56n));
    }
  }
  throw broken(cursor, "a number that is too long");
}

/** A signed 64-bit varint that must be a safe integer. */
export function readInteger(cursor: Cursor): number {
  const value = Number(readInt64(cursor));
  if (!Number.isSafeInteger(value)) throw broken(cursor, "a number that is too large");
  return value;
}

/** A little-endian float32. */
export function readFloat(cursor: Cursor): number {
  return cursor.file.view.getFloat32(advance(cursor, 4), true);
}

/** Counts one part that becomes an object of its own, so that a file cannot blow up when it is read. */
export function countPart(cursor: Cursor): void {
  if (--cursor.file.partsLeft < 0) throw broken(cursor, `more than ${MAX_PARTS} parts`);
}

/** A cursor over the next length-delimited message. */
export function readMessage(cursor: Cursor): Cursor {
  countPart(cursor);
  const length = readUint(cursor);
  const start = advance(cursor, length);
  return { file: cursor.file, position: start, end: start + length };
}

/** The next length-delimited bytes, as a view into the file. */
export function readBytes(cursor: Cursor): Uint8Array {
  const { position, end } = readMessage(cursor);
  return cursor.file.bytes.subarray(position, end);
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The next length-delimited text; bytes that are no UTF-8 become U+FFFD. */
export function readText(cursor: Cursor): string {
  const bytes = readBytes(cursor);
  return bytes.length === 0 ? "" : decoder.decode(bytes);
}

/** The payload of a number with this tag, undecoded, as a view into the file. */
export function readUndecoded(cursor: Cursor, tag: number): Uint8Array {
  countPart(cursor);
  const start = cursor.position;
  skipField(cursor, tag);
  return cursor.file.bytes.subarray(start, cursor.position);
}

/** Passes over a field that is not wanted. */
export function skipField(cursor: Cursor, tag: number): void {
  switch (tag % 8) {
    case 0:
      readInt64(cursor);
      return;
    case 1:
      advance(cursor, 8);
      return;
    case 2:
      advance(cursor, readUint(cursor));
      return;
    case 5:
      advance(cursor, 4);
      return;
    default:
      throw broken(cursor, "a field of an impossible kind");
  }
}

function advance(cursor: Cursor, length: number): number {
  const start = cursor.position;
  const left = cursor.end - start;
  if (length > left) throw broken(cursor, `a part of ${length} bytes where ${left} are left`);
  cursor.position = start + length;
  return start;
}

/** Bytes to be written: pieces in order, joined once at the end. */
export interface WireParts {
  readonly pieces: Uint8Array[];
  length: number;
}

/** Nothing written yet. */
export function wireParts(): WireParts {
  return { pieces: [], length: 0 };
}

/** Appends a varint field; a negative number takes ten bytes, as protobuf has it. */
export function putInt(parts: WireParts, tag: number, value: number | bigint): void {
  putPiece(parts, varintBytes(tag));
  putPiece(
    parts,
    varintBytes(typeof value === "number" && value >= 0 ? value : BigInt.asUintN(64, BigInt(value))),
  );
}

/** Appends a float32 field. */
export function putFloat(parts: WireParts, tag: number, value: number): void {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  putPiece(parts, varintBytes(tag));
  putPiece(parts, bytes);
}

/** Appends a bytes field. The bytes are not copied before {@link joinParts}. */
export function putBytes(parts: WireParts, tag: number, bytes: Uint8Array): void {
  putPiece(parts, varintBytes(tag));
  putPiece(parts, varintBytes(bytes.length));
  if (bytes.length > 0) putPiece(parts, bytes);
}

const encoder = new TextEncoder();

/** Appends a text field. */
export function putText(parts: WireParts, tag: number, text: string): void {
  putBytes(parts, tag, encoder.encode(text));
}

/** Appends a message field. */
export function putMessage(parts: WireParts, tag: number, message: WireParts): void {
  putPiece(parts, varintBytes(tag));
  putPiece(parts, varintBytes(message.length));
  for (const piece of message.pieces) putPiece(parts, piece);
}

/** All pieces in one array. */
export function joinParts(parts: WireParts): Uint8Array {
  const joined = new Uint8Array(parts.length);
  let position = 0;
  for (const piece of parts.pieces) {
    joined.set(piece, position);
    position += piece.length;
  }
  return joined;
}

function putPiece(parts: WireParts, piece: Uint8Array): void {
  parts.pieces.push(piece);
  parts.length += piece.length;
}

/** A number that is not negative, up to 64 bits, as a varint. */
export function varintBytes(value: number | bigint): Uint8Array {
  if (value < 128) return Uint8Array.of(Number(value));
  const bytes: number[] = [];
  let rest = BigInt(value);
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
