/** The fastest row filters there are here, made at the first use, as `fast-pixel-kernels.ts` does (docs/adr/0007). */
import { plainRowFilters } from "./plain-row-filters.js";
import type { RowFilters } from "./row-filters.js";
import { wasmRowFilters } from "./wasm-row-filters.js";

let made: RowFilters | null = null;

/** Compiled where WebAssembly has SIMD, plain elsewhere. */
export function fastRowFilters(): RowFilters {
  made ??= wasmRowFilters() ?? plainRowFilters;
  return made;
}
