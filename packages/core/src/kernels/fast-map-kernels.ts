/** The fastest map kernels that there are for an arena. */
import type { Arena } from "./arena.js";
import type { MapKernels } from "./map-kernels.js";
import { plainMapKernels } from "./plain-map-kernels.js";
import { wasmMapKernels } from "./wasm-map-kernels.js";

/** Compiled where WebAssembly has SIMD, plain elsewhere. They take nothing of the arena. */
export function fastMapKernels(arena: Arena): MapKernels {
  return wasmMapKernels(arena) ?? plainMapKernels;
}
