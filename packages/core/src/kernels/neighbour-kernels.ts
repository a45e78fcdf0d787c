/** The fastest kernels of a memory bank that there are for an arena. */
import type { Arena } from "./arena.js";
import type { NeighbourKernels } from "./memory-bank.js";
import { plainNeighbourKernels } from "./plain-neighbour-kernels.js";
import { wasmNeighbourKernels } from "./wasm-neighbour-kernels.js";

/**
 * Compiled where WebAssembly has SIMD, plain elsewhere. The arena needs `neighbourBytes` for them.
 * @param reserved see `wasmNeighbourKernels`.
 */
export function neighbourKernels(arena: Arena, reserved = 0): NeighbourKernels {
  return wasmNeighbourKernels(arena, reserved) ?? plainNeighbourKernels;
}
