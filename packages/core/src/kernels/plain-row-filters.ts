/** PNG's row filters undone in plain TypeScript: obvious, works everywhere, and the reference for the compiled ones. */
import type { RowFilters } from "./row-filters.js";

/** Filters that need nothing but the language. */
export const plainRowFilters: RowFilters = {
  undo({ data, height, rowBytes, pixelBytes }, out) {
    const predict = [nothing, left, up, mean, paeth];
    for (let row = 0; row < height; row++) {
      const start = row * (rowBytes + 1);
      const predicted = predict[data[start]];
      if (predicted === undefined) return false;
      const to = row * rowBytes;
      for (let i = 0; i < rowBytes; i++) {
        const a = i < pixelBytes ? 0 : out[to + i - pixelBytes];
        const b = row === 0 ? 0 : out[to + i - rowBytes];
        const c = row === 0 || i < pixelBytes ? 0 : out[to + i - rowBytes - pixelBytes];
        out[to + i] = data[start + 1 + i] + predicted(a, b, c);
      }
    }
    return true;
  },
};

const nothing = () => 0;
const left = (a: number) => a;
const up = (_a: number, b: number) => b;
const mean = (a: number, b: number) => (a + b) >> 1;

/** The neighbour that is nearest to left + up − corner; of equally near ones the first in this order. */
function paeth(a: number, b: number, c: number): number {
  const toLeft = Math.abs(b - c);
  const toUp = Math.abs(a - c);
  const toCorner = Math.abs(a + b - 2 * c);
  if (toLeft <= toUp && toLeft <= toCorner) return a;
  return toUp <= toCorner ? b : c;
}
