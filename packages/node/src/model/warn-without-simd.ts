/** Tells once that the machine cannot run compiled kernels. */
import { hasSimd } from "@blemish/core";

let told = false;

/**
 * Emits one process warning (Node prints it on standard error) where WebAssembly or its SIMD is missing.
 * @param available for tests; default: what this machine has.
 */
export function warnWithoutSimd(available: boolean = hasSimd()): void {
  if (available || told) return;
  told = true;
  process.emitWarning("WebAssembly with SIMD is missing here: results are the same, but slower to come by.", {
    type: "BlemishWarning",
    code: "BLEMISH_NO_SIMD",
  });
}
