/**
 * PNG's row filters undone in WebAssembly with SIMD (`assembly/row-filters.ts`): the same bytes as
 * `plain-row-filters.ts`, ten times as fast. A picture passes through a small memory strip by strip.
 */
import { MAX_PAGES } from "./arena.js";
import { instantiate } from "./instantiate.js";
import { reserve, stripRows } from "./pixel-memory.js";
import { plainRowFilters } from "./plain-row-filters.js";
import type { FilteredRows, RowFilters } from "./row-filters.js";

interface Exports {
  undoRows(source: number, out: number, rows: number, rowBytes: number, pixelBytes: number): number;
}

/**
 * Fast filters with a memory of their own, which grows to what the widest rows so far needed (32 MB at most).
 * @returns null where WebAssembly with SIMD is missing.
 */
export function wasmRowFilters(): RowFilters | null {
  if (typeof WebAssembly !== "object") return null;
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES });
  const kernels = instantiate<Exports>(memory);
  if (kernels === null) return null;
  return {
    undo(rows, out) {
      const strip = stripRows(rows.rowBytes + 1);
      const places = reserve(memory, [strip * (rows.rowBytes + 1), (strip + 1) * rows.rowBytes]);
      if (places === null) return plainRowFilters.undo(rows, out);
      return undo(kernels, new Uint8Array(memory.buffer), places, strip, rows, out);
    },
  };
}

function undo(
  kernels: Exports,
  bytes: Uint8Array,
  [source, before]: readonly number[],
  strip: number,
  { data, height, rowBytes, pixelBytes }: FilteredRows,
  out: Uint8Array,
): boolean {
  const first = before + rowBytes;
  bytes.fill(0, before, first);
  for (let row = 0; row < height; row += strip) {
    const count = Math.min(strip, height - row);
    bytes.set(data.subarray(row * (rowBytes + 1), (row + count) * (rowBytes + 1)), source);
    if (!kernels.undoRows(source, first, count, rowBytes, pixelBytes)) return false;
    out.set(bytes.subarray(first, first + count * rowBytes), row * rowBytes);
    // The last row is what the next strip looks up to.
    bytes.copyWithin(before, first + (count - 1) * rowBytes, first + count * rowBytes);
  }
  return true;
}
