/**
 * The kernels compiled to WebAssembly with SIMD (`assembly/`): the same bytes as `plain-kernels.ts`, several times
 * faster. Two kilobytes, used in Node and the browser alike.
 */
import { BlemishError } from "../errors.js";
import type { Kernels } from "./kernels.js";
import { TILE_KERNELS } from "./tile-kernels-wasm.js";

const PAGE = 65_536;
/** WebAssembly addresses 4 GiB. */
const MAX_PAGES = 65_536;

interface Exports {
  addOuterProducts(scatter: number, delta: number, channels: number, pictures: number): void;
  whiten(matrices: number, channels: number, scratch: number): number;
  squaredDistances(factors: number, delta: number, channels: number, pictures: number, out: number): void;
}

/**
 * Fast kernels with a memory of their own. The memory is freed when this object and its arrays are dropped.
 * @param bytes how much all arrays together will take; `float64` beyond that throws MEMORY.
 * @throws MEMORY when that much cannot be had.
 */
export function wasmKernels(bytes: number): Kernels {
  const memory = reserve(Math.ceil(bytes / PAGE) + 1);
  const code = Uint8Array.from(atob(TILE_KERNELS), (character) => character.charCodeAt(0));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory } });
  const compiled = instance.exports as unknown as Exports;
  // A cache line apart from address 0, so that no array is a null pointer.
  let free = 64;
  const float64 = (length: number) => {
    const start = free;
    free += Math.ceil((length * 8) / 64) * 64;
    if (free > memory.buffer.byteLength) throw outOfMemory(free);
    return new Float64Array(memory.buffer, start, length);
  };
  /** Eight lanes of one triangle, for `whiten`. */
  let scratch = new Float64Array(0);
  const room = (rows: number) => {
    if (scratch.length < 8 * rows) scratch = float64(8 * rows);
    return scratch.byteOffset;
  };
  return {
    float64,
    addOuterProducts: (scatter, delta, channels, pictures) =>
      compiled.addOuterProducts(scatter.byteOffset, delta.byteOffset, channels, pictures),
    whiten: (matrices, channels) =>
      compiled.whiten(matrices.byteOffset, channels, room((channels * (channels + 1)) / 2)),
    squaredDistances: (factors, delta, channels, pictures, out) =>
      compiled.squaredDistances(factors.byteOffset, delta.byteOffset, channels, pictures, out.byteOffset),
  };
}

function reserve(pages: number): WebAssembly.Memory {
  if (pages > MAX_PAGES) throw outOfMemory(pages * PAGE);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (cause) {
    throw outOfMemory(pages * PAGE, cause);
  }
}

function outOfMemory(bytes: number, cause?: unknown): BlemishError {
  return new BlemishError("MEMORY", {
    subject: "The training",
    expected: "at most 4096 MB of memory for its statistics",
    found: `a need of ${Math.ceil(bytes / 1e6)} MB`,
    cause,
  });
}
