/** How many cells of a detector's grid take part: every array that has something for each cell has so much. */
import { markedPixels } from "../stages/region/runs.js";
import type { Runs } from "../stages/region/shapes.js";

/** The number of cells of a recipe's or a manifest's detector. */
export function cellCount({
  grid,
  cells,
}: {
  readonly grid: { readonly width: number; readonly height: number };
  readonly cells?: Runs | undefined;
}): number {
  return cells === undefined ? grid.width * grid.height : markedPixels(cells);
}
