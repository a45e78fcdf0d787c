/** Where the cells of a model's detectors lie in its pictures, and back. */
import type { ModelManifest } from "../bundle/manifest.js";
import type { RelativeBox } from "../stages/detector/explanation.js";
import { markedPlaces } from "../stages/region/runs.js";
import { nearestCells } from "../stages/score-map/nearest-cells.js";
import { distanceGrids } from "./distance-grids.js";

/** The cells of one detector. */
export interface CellPlace {
  /** The cell at a place of the picture, or the nearest that takes part. @param x, y shares of the picture's sides, 0 to 1. */
  cellAt(x: number, y: number): number;
  /** What a cell covers of the picture. */
  boxOf(cell: number): RelativeBox;
}

/** One for each detector, in their order. */
export function cellPlaces(manifest: ModelManifest): CellPlace[] {
  const { picture } = manifest;
  // The view, as shares of the picture's sides.
  const view = picture && {
    x: picture.view.x / picture.width,
    y: picture.view.y / picture.height,
    width: picture.view.width / picture.width,
    height: picture.view.height / picture.height,
  };
  const { x: left, y: top, width: wide, height: high } = view ?? { x: 0, y: 0, width: 1, height: 1 };
  const grids = distanceGrids(
    manifest.passes,
    manifest.passes.flatMap(({ detectors }) => detectors.map(() => 1)),
  );
  return grids.map(({ width, height, cells, window = { x: 0, y: 0, width, height } }): CellPlace => {
    const source = cells === undefined ? null : nearestCells(cells, width, height);
    const places = cells === undefined ? null : markedPlaces(cells);
    return {
      cellAt(x, y) {
        const column = window.x + ((x - left) / wide) * window.width;
        const row = window.y + ((y - top) / high) * window.height;
        const place = inside(row, height) * width + inside(column, width);
        return source?.[place] ?? place;
      },
      boxOf(cell) {
        const place = places?.[cell] ?? cell;
        const across = edges((place % width) - window.x, window.width);
        const down = edges(Math.floor(place / width) - window.y, window.height);
        return {
          x: left + wide * across.start,
          y: top + high * down.start,
          width: wide * across.length,
          height: high * down.length,
        };
      },
    };
  });
}

function inside(position: number, length: number): number {
  return Math.min(length - 1, Math.max(0, Math.floor(position)));
}

/** The part of the cell from `position` to one further that lies in a window of so many cells, as shares of that. */
function edges(position: number, length: number): { start: number; length: number } {
  if (position >= 0 && position + 1 <= length) return { start: position / length, length: 1 / length };
  const [from, to] = [Math.max(0, position), Math.min(length, position + 1)];
  return { start: from / length, length: Math.max(0, to - from) / length };
}
