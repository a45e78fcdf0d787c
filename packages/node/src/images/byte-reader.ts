/** Reading integers from the bytes of an untrusted file: whatever lies outside them reads as NaN, never throws. */

/** A view of a file with a byte order. Offsets count from the start of the file. */
export interface ByteReader {
  readonly length: number;
  u8(at: number): number;
  u16(at: number): number;
  u32(at: number): number;
  i32(at: number): number;
}

/** A reader over `bytes` that shares their memory. */
export function byteReader(bytes: Uint8Array, littleEndian: boolean): ByteReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const inside = (at: number, size: number) => Number.isInteger(at) && at >= 0 && at + size <= bytes.length;
  return {
    length: bytes.length,
    u8: (at) => (inside(at, 1) ? view.getUint8(at) : Number.NaN),
    u16: (at) => (inside(at, 2) ? view.getUint16(at, littleEndian) : Number.NaN),
    u32: (at) => (inside(at, 4) ? view.getUint32(at, littleEndian) : Number.NaN),
    i32: (at) => (inside(at, 4) ? view.getInt32(at, littleEndian) : Number.NaN),
  };
}
