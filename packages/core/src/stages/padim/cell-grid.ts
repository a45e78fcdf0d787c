/** Which cells lie next to each other, on a grid of which perhaps only some cells take part. */

/** Which vectors a cell's statistics rest on: 1 = its own; 3 = those of its 3 × 3 neighbours, too (for few pictures). */
export type Pool = 1 | 3;

/** Cells in row-major order. */
export interface CellGrid {
  /** Of the grid, in cells. */
  readonly width: number;
  /** Places on the grid of the cells that take part, ascending. Absent = all. */
  readonly places?: Int32Array;
}

/** A neighbour of a cell. */
export interface Offset {
  readonly right: number;
  readonly down: number;
}

/** The neighbours whose vectors a cell's statistics rest on, itself included, in row-major order. */
export function poolOffsets(pool: Pool): Offset[] {
  const around = pool === 1 ? [0] : [-1, 0, 1];
  return around.flatMap((down) => around.map((right) => ({ right, down })));
}

/** @returns the number of a cell's neighbour, −1 where there is none. */
export function neighbourOf(
  { width, places }: CellGrid,
  cells: number,
): (cell: number, to: Offset) => number {
  const numbers = new Map(Array.from(places ?? [], (place, cell) => [place, cell]));
  return (cell, { right, down }) => {
    const place = places?.[cell] ?? cell;
    const x = (place % width) + right;
    const y = Math.floor(place / width) + down;
    if (x < 0 || x >= width || y < 0) return -1;
    const next = y * width + x;
    return places === undefined ? (next < cells ? next : -1) : (numbers.get(next) ?? -1);
  };
}
