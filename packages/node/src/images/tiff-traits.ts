/**
 * The two facts of a TIFF's first page that the decoder does not pass on and that OpenCV and Pillow treat
 * differently: what its alpha means and whether grey counts from white. Not a TIFF reader: pixels come from sharp.
 */
import type { DecodedTraits } from "@blemish/core";
import { type ByteReader, byteReader } from "./byte-reader.js";

const PHOTOMETRIC = 262;
const EXTRA_SAMPLES = 338;
const SHORT = 3;

/** Traits from the first directory; a damaged or unusual one simply has none. BigTIFF is read too. */
export function tiffTraits(bytes: Uint8Array): DecodedTraits {
  const reader = byteReader(bytes, bytes[0] === 0x49);
  const tags = firstDirectory(reader, reader.u16(2) === 43);
  const extra = tags.get(EXTRA_SAMPLES);
  return {
    ...(extra === 1 && { alphaKind: "premultiplied" as const }),
    ...(extra === 2 && { alphaKind: "straight" as const }),
    ...(tags.get(PHOTOMETRIC) === 0 && { whiteIsZero: true }),
  };
}

/** The first value of every SHORT entry that is stored in the directory itself. */
function firstDirectory(reader: ByteReader, big: boolean): Map<number, number> {
  const tags = new Map<number, number>();
  const at = big ? u64(reader, 8) : reader.u32(4);
  const count = big ? u64(reader, at) : reader.u16(at);
  const [head, size, value] = big ? [8, 20, 12] : [2, 12, 8];
  for (let entry = at + head, i = 0; i < Math.min(count, 4096); i++, entry += size) {
    if (reader.u16(entry + 2) === SHORT) tags.set(reader.u16(entry), reader.u16(entry + value));
  }
  return tags;
}

function u64(reader: ByteReader, at: number): number {
  const little = reader.u16(0) === 0x4949;
  const [low, high] = little ? [reader.u32(at), reader.u32(at + 4)] : [reader.u32(at + 4), reader.u32(at)];
  return high * 2 ** 32 + low;
}
