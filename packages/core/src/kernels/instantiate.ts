/** Puts the compiled kernels to work in a memory. The module holds functions only: any number can share one memory. */
import { KERNELS } from "./compiled-kernels.js";

/** `"env" "memory"`, kind memory: what stands before the flags of the module's one import. */
const IMPORT = [3, 0x65, 0x6e, 0x76, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2];
const SHARED_WITH_MAXIMUM = 3;

/** Compiled once for each kind of memory and thread: code and no data, like `fast-pixel-kernels.ts` (docs/adr/0007). */
const modules: { plain: WebAssembly.Module | null; shared: WebAssembly.Module | null } = {
  plain: null,
  shared: null,
};

/**
 * Binds the kernels to a memory, which is plain or shared: that is one flag of the module's import.
 * @returns the exported functions; null where WebAssembly with SIMD is missing.
 */
export function instantiate<Exports>(memory: WebAssembly.Memory | null): Exports | null {
  if (memory === null || typeof WebAssembly !== "object") return null;
  const shared = typeof SharedArrayBuffer === "function" && memory.buffer instanceof SharedArrayBuffer;
  const kind = shared ? "shared" : "plain";
  try {
    modules[kind] ??= new WebAssembly.Module(codeFor(kind));
    return new WebAssembly.Instance(modules[kind], { env: { memory } }).exports as unknown as Exports;
  } catch {
    return null;
  }
}

function codeFor(kind: keyof typeof modules): Uint8Array {
  const code = Uint8Array.from(atob(KERNELS), (character) => character.charCodeAt(0));
  if (kind === "shared") {
    const start = code.findIndex((_, at) => IMPORT.every((byte, i) => code[at + i] === byte));
    code[start + IMPORT.length] = SHARED_WITH_MAXIMUM;
  }
  return code;
}
