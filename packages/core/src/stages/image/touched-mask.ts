/** Masks on another grid without losing what is small: a defect of three pixels is still there on a coarse map. */
import type { Mask } from "./image.js";

/**
 * The mask at another size. A pixel is set when a set pixel of the mask touches it, so nothing gets lost and nothing moves;
 * a region grows by less than a pixel of the new size at each side.
 * @param mask any value but 0 is set; not changed.
 * @returns 0/1
 */
export function touchedMask(mask: Mask, width: number, height: number): Mask {
  const columns = spans(mask.width, width);
  const rows = spans(mask.height, height);
  const data = new Uint8Array(width * height);
  for (let y = 0; y < mask.height; y++)
    for (let x = 0; x < mask.width; x++) {
      if (mask.data[y * mask.width + x] === 0) continue;
      for (let row = rows.from[y]; row < rows.to[y]; row++)
        data.fill(1, row * width + columns.from[x], row * width + columns.to[x]);
    }
  return { width, height, channels: 1, data };
}

/** Which pixels of `to` each of the `from` touches; whole numbers, so that no edge is missed by a hair. */
function spans(from: number, to: number): { from: Int32Array; to: Int32Array } {
  return {
    from: Int32Array.from({ length: from }, (_, i) => Math.floor((i * to) / from)),
    to: Int32Array.from({ length: from }, (_, i) => Math.ceil(((i + 1) * to) / from)),
  };
}

/** The mask and every pixel at most so many columns and rows from it. @param margin whole, 0 or more. */
export function widenedMask(mask: Mask, margin: number): Mask {
  const { width, height } = mask;
  const wide = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) widenLine(mask.data, wide, y * width, 1, width, margin);
  const data = new Uint8Array(width * height);
  for (let x = 0; x < width; x++) widenLine(wide, data, x, width, height, margin);
  return { width, height, channels: 1, data };
}

/** Sets what is at most `margin` steps from a set value of the line that begins at `start`. */
function widenLine(
  from: Uint8Array,
  to: Uint8Array,
  start: number,
  step: number,
  length: number,
  margin: number,
): void {
  let filled = 0;
  for (let i = 0; i < length; i++) {
    if (from[start + i * step] === 0) continue;
    const end = Math.min(length, i + margin + 1);
    for (let k = Math.max(filled, i - margin); k < end; k++) to[start + k * step] = 1;
    filled = end;
  }
}
