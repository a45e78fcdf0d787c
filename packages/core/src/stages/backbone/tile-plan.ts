/**
 * Where the tiles of a large network input lie. All tiles have one size, so that the runtime plans its memory once; what a
 * tile's neighbours see of it, its margin, is run twice and used once. At the input's own borders a tile ends where the
 * input ends, so that the network's padding acts there as it does on the whole input.
 */

/** How a pass cuts its input; plain data that a model file stores. */
export interface TileSpec {
  /** Side of what the network sees at once, margins included, in pixels of its input; a multiple of its coarsest stride. */
  readonly size: number;
  /** Pixels of a tile at its inner sides whose taps are not used; a multiple of that stride, less than half the size. */
  readonly margin: number;
}

/** Whether a pass cuts its input into tiles: its pictures are large, and its network is to take little memory. */
export function isCut({ tiles }: { readonly tiles?: TileSpec }): boolean {
  return tiles !== undefined;
}

/** One tile along one side, in pixels of the network's input. */
export interface TileSpan {
  /** Where the network's view begins; its length is the same for all. */
  readonly start: number;
  /** What is used of it: from, and to (exclusive), in pixels of the whole input. */
  readonly from: number;
  readonly to: number;
}

/** Tiles along one side. */
export interface TileAxis {
  /** Pixels that the network sees of each. */
  readonly length: number;
  readonly spans: readonly TileSpan[];
}

/**
 * The tiles along one side: as few as there can be, spread evenly, each edge in the middle of what two tiles both know.
 * A side that is not longer than a tile is one tile.
 * @param side of the whole input, a multiple of `unit` where it is longer than a tile.
 * @param unit the coarsest stride of the taps: tiles begin and are used at whole cells of every tap.
 */
export function tileAxis(side: number, { size, margin }: TileSpec, unit: number): TileAxis {
  if (side <= size) return { length: side, spans: [{ start: 0, from: 0, to: side }] };
  const last = side - size;
  const steps = Math.ceil(last / (size - 2 * margin));
  const starts = Array.from({ length: steps + 1 }, (_, i) => Math.floor((i * last) / steps / unit) * unit);
  // Between two tiles as far from the end of the one as from the beginning of the other.
  const edges = starts.slice(1).map((start, i) => Math.round((start + starts[i] + size) / 2 / unit) * unit);
  return {
    length: size,
    spans: starts.map((start, i) => ({ start, from: edges[i - 1] ?? 0, to: edges[i] ?? side })),
  };
}

/** How many tiles an input of this size is cut into. @param unit see {@link tileAxis}. */
export function countTiles(
  { width, height }: { readonly width: number; readonly height: number },
  tiles: TileSpec,
  unit: number,
): number {
  return tileAxis(width, tiles, unit).spans.length * tileAxis(height, tiles, unit).spans.length;
}

/** Whether an input of this size is cut at all. */
export function isTiled({ size }: TileSpec, width: number, height: number): boolean {
  return width > size || height > size;
}

/** Pixels that the network sees of an input of this size at once. */
export function tilePixels(tiles: TileSpec | undefined, width: number, height: number): number {
  if (tiles === undefined) return width * height;
  return Math.min(width, tiles.size) * Math.min(height, tiles.size);
}
