/** How the compiled pixel kernels share out their small memory: parts in a row, made anew for each call. */

const PAGE = 65_536;
/** Rows so wide that they need more than this are left to the plain functions, because the memory never shrinks. */
const MAX_BYTES = 1 << 25;
/** Size of a strip of the result; at least one row. */
export const STRIP_BYTES = 1 << 16;
/** Room behind every part, for vectors that begin inside it. */
export const MARGIN = 64;

/**
 * Offsets of parts of these sizes (bytes) in the memory, multiples of 64, each with the margin behind it. The memory
 * grows when it must.
 * @param most bytes of all together.
 * @returns null when they do not fit.
 */
export function reserve(
  memory: WebAssembly.Memory,
  sizes: readonly number[],
  most = MAX_BYTES,
): number[] | null {
  // A cache line apart from address 0, so that no part is a null pointer.
  let free = 64;
  const places = sizes.map((size) => {
    const place = free;
    free += Math.ceil((size + MARGIN) / 64) * 64;
    return place;
  });
  if (free > most) return null;
  const missing = free - memory.buffer.byteLength;
  try {
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  } catch {
    return null;
  }
  return places;
}

/** Rows of the result that are made before they are copied out together. */
export function stripRows(rowBytes: number): number {
  return Math.max(1, Math.floor(STRIP_BYTES / rowBytes));
}
