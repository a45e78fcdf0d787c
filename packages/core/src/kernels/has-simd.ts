/** Whether compiled kernels can run here at all. */
import { createArena } from "./arena.js";
import { instantiate } from "./instantiate.js";

/** False where WebAssembly or its SIMD is missing: everything then runs in plain TypeScript, several times slower. */
export function hasSimd(): boolean {
  return instantiate(createArena(0).memory) !== null;
}
