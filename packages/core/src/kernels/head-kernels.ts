/** The fastest head kernels that there are for an arena. */
import type { Arena } from "./arena.js";
import type { HeadKernels } from "./packed-factors.js";
import { plainHeadKernels } from "./plain-head-kernels.js";
import { wasmHeadKernels } from "./wasm-head-kernels.js";

export type { HeadKernels } from "./packed-factors.js";

/** Compiled where WebAssembly has SIMD, plain elsewhere. The arena needs `headKernelBytes(channels)` for them. */
export function headKernels(arena: Arena): HeadKernels {
  return wasmHeadKernels(arena) ?? plainHeadKernels;
}
