/**
 * The safetensors container: an 8-byte length, a JSON header that names arrays, then their bytes. Safe to read from
 * anybody (no code, every offset checked) and fit for memory mapping. Arrays are read as views, without copying.
 */
import { BlemishError } from "../errors.js";

/** Element types that are read and written. */
export type ArrayType = "U8" | "I8" | "I16" | "I32" | "I64" | "F32" | "F64";

/** One named array: values in row-major order. */
export interface NamedArray {
  readonly type: ArrayType;
  readonly shape: readonly number[];
  readonly data:
    | Uint8Array
    | Int8Array
    | Int16Array
    | Int32Array
    | BigInt64Array
    | Float32Array
    | Float64Array;
}

/** The content of a file. */
export interface SafeTensors {
  readonly metadata: Readonly<Record<string, string>>;
  readonly arrays: Readonly<Record<string, NamedArray>>;
}

const ELEMENT = {
  U8: Uint8Array,
  I8: Int8Array,
  I16: Int16Array,
  I32: Int32Array,
  I64: BigInt64Array,
  F32: Float32Array,
  F64: Float64Array,
} as const;

/** Headers larger than this are refused (the format's own limit). */
const MAX_HEADER = 100_000_000;

/** Arrays begin at multiples of this, so that any element type can be viewed in place. */
const ALIGNMENT = 64;

/**
 * Writes a container. The same content gives the same bytes: arrays keep the order given.
 * Layout: length (8 bytes, little endian) · header (padded with spaces) · arrays, each at a multiple of 64 bytes.
 * @param allocate where the file is to be written; it may be shared memory.
 */
export function writeSafeTensors(
  { metadata, arrays }: SafeTensors,
  allocate: (bytes: number) => Uint8Array = (bytes) => new Uint8Array(bytes),
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { type, shape, data }] of Object.entries(arrays)) {
    const padding = align(end) - end;
    // The format allows no holes between arrays, so that padding is an array of its own.
    if (padding > 0)
      header[`__padding__.${name}`] = { dtype: "U8", shape: [padding], data_offsets: [end, end + padding] };
    const start = end + padding;
    end = start + data.byteLength;
    header[name] = { dtype: type, shape, data_offsets: [start, end] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = align(text.length + 8) - 8;
  const file = allocate(8 + headerLength + end).fill(0x20, 8, 8 + headerLength);
  new DataView(file.buffer, file.byteOffset).setBigUint64(0, BigInt(headerLength), true);
  file.set(text, 8);
  for (const [name, { data }] of Object.entries(arrays)) {
    const [start] = (header[name] as { data_offsets: [number, number] }).data_offsets;
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 8 + headerLength + start);
  }
  return file;
}

/**
 * Reads a container; arrays are views of `file` where their place in memory allows it, copies otherwise.
 * @throws MODEL_FORMAT when it is no safetensors file at all; MODEL_BROKEN when it is damaged, naming what.
 */
export function readSafeTensors(file: Uint8Array, subject: string): SafeTensors {
  const { header, start } = readHeader(file, subject);
  const { __metadata__: _metadata, ...entries } = header;
  const metadata = metadataOf(header, subject);
  const arrays: Record<string, NamedArray> = {};
  let expectedStart = 0;
  const sorted = Object.entries(entries).map(([name, entry]) => ({
    name,
    ...readEntry(entry, name, subject),
  }));
  sorted.sort((a, b) => a.from - b.from || a.to - b.to);
  for (const { name, type, shape, from, to } of sorted) {
    if (from !== expectedStart || to > file.length - start)
      throw broken(
        subject,
        `array ${name} within the file, right after the one before`,
        `bytes ${from} to ${to}`,
      );
    expectedStart = to;
    if (!name.startsWith("__padding__."))
      arrays[name] = { type, shape, data: view(file, start + from, start + to, type) };
  }
  if (start + expectedStart !== file.length)
    throw broken(subject, `${start + expectedStart} bytes`, `${file.length} bytes`);
  return { metadata, arrays };
}

/** Bytes before the arrays, told from the first eight; NaN when there are fewer. */
export function headerEnd(start: Uint8Array): number {
  if (start.length < 8) return Number.NaN;
  return 8 + Number(new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true));
}

/**
 * The metadata of a container whose arrays need not be there yet.
 * @param start the beginning of the file, at least up to `headerEnd`.
 * @throws MODEL_FORMAT, MODEL_BROKEN.
 */
export function readSafeTensorsMetadata(start: Uint8Array, subject: string): SafeTensors["metadata"] {
  return metadataOf(readHeader(start, subject).header, subject);
}

function metadataOf({ __metadata__: metadata = {} }: Record<string, unknown>, subject: string) {
  if (isRecord(metadata) && Object.values(metadata).every((value) => typeof value === "string"))
    return metadata as Record<string, string>;
  throw broken(subject, "metadata that maps texts to texts", "something else");
}

function readHeader(file: Uint8Array, subject: string): { header: Record<string, unknown>; start: number } {
  const length = headerEnd(file) - 8;
  if (!(length >= 2 && length <= MAX_HEADER) || file[8] !== 0x7b)
    throw new BlemishError("MODEL_FORMAT", {
      subject,
      expected: "a safetensors header",
      found: "something else",
    });
  if (8 + length > file.length)
    throw broken(subject, `a header of ${length} bytes`, `${file.length - 8} bytes`);
  try {
    // A copy, because a decoder refuses memory that threads share.
    const text = new TextDecoder("utf-8", { fatal: true }).decode(file.slice(8, 8 + length));
    const header = JSON.parse(text);
    if (isRecord(header)) return { header, start: 8 + length };
  } catch (cause) {
    throw new BlemishError("MODEL_BROKEN", {
      subject,
      expected: "a header in JSON",
      found: "damaged text",
      cause,
    });
  }
  throw broken(subject, "a header that is a JSON object", "something else");
}

function readEntry(entry: unknown, name: string, subject: string) {
  const fail = (): never => {
    throw broken(
      subject,
      `array ${name} with dtype, shape and data_offsets that agree`,
      JSON.stringify(entry)?.slice(0, 200) ?? "",
    );
  };
  if (!isRecord(entry)) return fail();
  const { dtype, shape, data_offsets: offsets } = entry;
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  if (typeof dtype !== "string" || !Object.hasOwn(ELEMENT, dtype)) return fail();
  if (!Array.isArray(shape) || !shape.every(isCount) || shape.length > 8) return fail();
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) return fail();
  const type = dtype as ArrayType;
  const [from, to] = offsets as [number, number];
  const bytes = shape.reduce((product, side) => product * side, 1) * ELEMENT[type].BYTES_PER_ELEMENT;
  if (to - from !== bytes) return fail();
  return { type, shape: shape as number[], from, to };
}

function view(file: Uint8Array, from: number, to: number, type: ArrayType): NamedArray["data"] {
  const Type = ELEMENT[type];
  const aligned = (file.byteOffset + from) % Type.BYTES_PER_ELEMENT === 0;
  const bytes = aligned ? file.subarray(from, to) : file.slice(from, to);
  // The constructors differ in what they say of shared memory, not in what they take.
  return new Type(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength / Type.BYTES_PER_ELEMENT);
}

function align(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function broken(subject: string, expected: string, found: string): BlemishError {
  return new BlemishError("MODEL_BROKEN", { subject, expected, found });
}
