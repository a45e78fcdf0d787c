/** Where the distances of cells that take no part come from: a map near the border of a region must not be diluted by zeros. */
import { markedPlaces } from "../region/runs.js";
import type { Runs } from "../region/shapes.js";

/**
 * For each cell of a grid the number, among the cells that take part, of the nearest of these; the first of equals.
 *
 * @param cells the cells that take part, at least one.
 * @returns `[height · width]`; where a cell takes part itself, its own number.
 */
export function nearestCells(cells: Runs, width: number, height: number): Int32Array {
  const places = markedPlaces(cells);
  const inRow = nearestInRows(places, width, height);
  const nearest = new Int32Array(width * height);
  for (let cell = 0; cell < nearest.length; cell++)
    nearest[cell] = nearestOf(places, inRow, cell, width, height);
  return nearest;
}

/** For each cell the number of the nearest of its row, the left one of equals; −1 in a row without any. */
function nearestInRows(places: Int32Array, width: number, height: number): Int32Array {
  const nearest = new Int32Array(width * height).fill(-1);
  for (let number = 0; number < places.length; number++) nearest[places[number]] = number;
  for (let y = 0; y < height; y++) {
    const row = nearest.subarray(y * width, (y + 1) * width);
    const right = row.slice();
    for (let x = 1; x < width; x++) if (row[x] < 0) row[x] = row[x - 1];
    for (let x = width - 2; x >= 0; x--) if (right[x] < 0) right[x] = right[x + 1];
    for (let x = 0; x < width; x++) {
      if (row[x] < 0) row[x] = right[x];
      else if (right[x] >= 0 && (places[right[x]] % width) - x < x - (places[row[x]] % width))
        row[x] = right[x];
    }
  }
  return nearest;
}

function nearestOf(
  places: Int32Array,
  inRow: Int32Array,
  cell: number,
  width: number,
  height: number,
): number {
  const [x, y] = [cell % width, Math.floor(cell / width)];
  let [nearest, least] = [0, Number.POSITIVE_INFINITY];
  for (let down = 0; down < height && down * down <= least; down++)
    for (const row of down === 0 ? [y] : [y - down, y + down]) {
      const number = row < 0 || row >= height ? -1 : inRow[row * width + x];
      if (number < 0) continue;
      const away = ((places[number] % width) - x) ** 2 + down * down;
      if (away < least || (away === least && number < nearest)) [nearest, least] = [number, away];
    }
  return nearest;
}
