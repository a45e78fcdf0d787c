/** The row unpacker of this thread, made at the first use, as `fast-pixel-kernels.ts` does (docs/adr/0007). */
import { MAX_PAGES } from "./arena.js";
import { type PackedRows, type RowUnpacker, rowUnpacker, unpackRows } from "./row-unpacker.js";

/** A memory that has become larger than this is not kept. */
const KEPT_BYTES = 1 << 24;

let made: { readonly unpacker: RowUnpacker | null; readonly memory: WebAssembly.Memory | null } | null = null;

/**
 * Inflates and unfilters the rows of a PNG file in the calling thread.
 * @param out `[height, rowBytes]`, overwritten.
 * @returns false when the stream is not right; null when it is too large, or WebAssembly with SIMD is missing: the
 *   runtime's zlib and `fastRowFilters` can do it then.
 */
export function unpackRowsHere(rows: PackedRows, out: Uint8Array): boolean | null {
  made ??= make();
  const { unpacker, memory } = made;
  const right = unpacker && unpackRows(unpacker, rows, out);
  if (memory !== null && memory.buffer.byteLength > KEPT_BYTES) made = null;
  return right;
}

function make(): NonNullable<typeof made> {
  if (typeof WebAssembly !== "object") return { unpacker: null, memory: null };
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES });
  return { unpacker: rowUnpacker(memory), memory };
}
