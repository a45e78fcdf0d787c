/**
 * Memory that arrays and compiled kernels share, handed out piece by piece and freed as a whole. It may be shared
 * between threads: each then takes its own part of it. Where WebAssembly is missing it is plain memory, and the plain
 * kernels work on it.
 */
import { BlemishError } from "../errors.js";

const PAGE = 65_536;
/** WebAssembly addresses 4 GiB. */
export const MAX_PAGES = 65_536;
/** Bytes that a kernel memory can have at most. */
export const MOST_KERNEL_BYTES = (MAX_PAGES - 1) * PAGE - 64;
/** Every array begins at a multiple of this: a cache line, and any element type. */
export const ALIGNMENT = 64;

/** A part of a memory that arrays are taken from. */
export interface Arena {
  /** The memory that compiled kernels can work in; null where there is none and `buffer` is plain. */
  readonly memory: WebAssembly.Memory | null;
  readonly buffer: ArrayBufferLike;
  /** Bytes that are left. */
  readonly free: number;
  /** Takes zeroed arrays (zeroed when the arena is new); they live as long as the memory. @throws MEMORY when full. */
  uint8(length: number): Uint8Array;
  int8(length: number): Int8Array;
  int16(length: number): Int16Array;
  int32(length: number): Int32Array;
  float32(length: number): Float32Array;
  float64(length: number): Float64Array;
}

/** A memory of its own with room for `bytes`. @throws MEMORY when that much cannot be had. */
export function createArena(bytes: number): Arena {
  return arenaOver(createKernelMemory(bytes, false), 0, bytes + ALIGNMENT);
}

/** Memory that arenas can be made over: what threads pass to each other. */
export type KernelMemory = WebAssembly.Memory | ArrayBufferLike;

/**
 * Memory for `bytes` and a margin, zeroed.
 * @param shared true = threads that receive it see the same bytes.
 * @throws MEMORY when that much cannot be had.
 */
export function createKernelMemory(bytes: number, shared: boolean): KernelMemory {
  const pages = Math.ceil((bytes + ALIGNMENT) / PAGE) + 1;
  if (pages > MAX_PAGES) throw outOfMemory(bytes);
  try {
    if (typeof WebAssembly === "object")
      return new WebAssembly.Memory({ initial: pages, maximum: shared ? pages : MAX_PAGES, shared });
    return shared ? new SharedArrayBuffer(pages * PAGE) : new ArrayBuffer(pages * PAGE);
  } catch (cause) {
    throw outOfMemory(bytes, cause);
  }
}

/** The bytes of a memory. */
export function bufferOf(memory: KernelMemory): ArrayBufferLike {
  return "buffer" in memory ? memory.buffer : memory;
}

/** An arena over the bytes from `start` to `end` of a memory; nobody else should write there. */
export function arenaOver(memory: KernelMemory, start: number, end: number): Arena {
  const buffer = bufferOf(memory);
  // A cache line apart from address 0, so that no array is a null pointer.
  let next = align(Math.max(start, ALIGNMENT));
  const take = (bytes: number): number => {
    const place = next;
    next = align(place + bytes);
    if (place + bytes > Math.min(end + ALIGNMENT, buffer.byteLength)) throw outOfMemory(next - start);
    return place;
  };
  return {
    memory: "buffer" in memory ? memory : null,
    buffer,
    get free() {
      return Math.max(0, end - next);
    },
    uint8: (length) => new Uint8Array(buffer, take(length), length),
    int8: (length) => new Int8Array(buffer, take(length), length),
    int16: (length) => new Int16Array(buffer, take(length * 2), length),
    int32: (length) => new Int32Array(buffer, take(length * 4), length),
    float32: (length) => new Float32Array(buffer, take(length * 4), length),
    float64: (length) => new Float64Array(buffer, take(length * 8), length),
  };
}

function align(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}

function outOfMemory(bytes: number, cause?: unknown): BlemishError {
  return new BlemishError("MEMORY", {
    subject: "The memory for the arithmetic",
    expected: "at most 4096 MB",
    found: `a need of ${Math.ceil(bytes / 1e6)} MB`,
    cause,
  });
}
