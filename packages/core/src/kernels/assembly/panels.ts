// Panels: eight points side by side, `[channels][8]`, as the kernels of the memory bank read them.

/** Bytes of one channel of a panel: eight float32, or eight pairs of int16. */
export const PANEL: usize = 32;

/** Number of panels that hold `cells` points. */
// @ts-ignore: decorator
@inline
export function panels(cells: usize): usize {
  return (cells + 7) / 8;
}
