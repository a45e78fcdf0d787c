/** Places for defects: uniform over the pixels where a model judges. */
import type { Random } from "../random.js";
import type { Mask } from "../stages/image/image.js";

/** A pixel. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * Draws pixels of an area, each as likely as any other, whose surroundings lie wholly within the picture.
 * @param area 1 where a place may lie; null = anywhere.
 * @param margin pixels to every border of the picture.
 * @returns null when there is no such pixel.
 */
export function placeChooser(
  { width, height }: { readonly width: number; readonly height: number },
  area: Mask | null,
  margin: number,
): ((random: Random) => Place) | null {
  const edge = Math.ceil(margin);
  const [columns, rows] = [width - 2 * edge, height - 2 * edge];
  if (columns < 1 || rows < 1) return null;
  if (area === null) return (random) => ({ x: edge + random.int(columns), y: edge + random.int(rows) });
  const isIn = (x: number, y: number) => area.data[y * width + x] !== 0;
  // How many places lie in all rows before.
  const before = new Float64Array(rows + 1);
  for (let row = 0; row < rows; row++) {
    let count = 0;
    for (let x = edge; x < edge + columns; x++) if (isIn(x, edge + row)) count++;
    before[row + 1] = before[row] + count;
  }
  const total = before[rows];
  if (total === 0) return null;
  return (random) => {
    const chosen = random.int(total);
    let row = 0;
    while (before[row + 1] <= chosen) row++;
    const y = edge + row;
    let x = edge;
    for (let left = chosen - before[row]; left > 0 || !isIn(x, y); x++) if (isIn(x, y)) left--;
    return { x, y };
  };
}
