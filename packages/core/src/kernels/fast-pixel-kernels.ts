/**
 * The fastest pixel kernels there are here. They are made at the first use and kept by this module, once for each thread:
 * a scratch memory and no data, so which ones are used can be seen in nothing but time (docs/adr/0007).
 */

import type { PixelKernels } from "./pixel-kernels.js";
import { plainPixelKernels } from "./plain-pixel-kernels.js";
import { wasmPixelKernels } from "./wasm-pixel-kernels.js";

let made: PixelKernels | null = null;

/** Compiled where WebAssembly has SIMD, plain elsewhere. */
export function fastPixelKernels(): PixelKernels {
  made ??= wasmPixelKernels() ?? plainPixelKernels;
  return made;
}
