/** Distances of a picture's patches from the nearest rows of a bank, in an arena. */
import { BlemishError } from "../../errors.js";
import { ALIGNMENT, type Arena } from "../../kernels/arena.js";
import type { Bank, CellRange, Neighbours } from "../../kernels/memory-bank.js";
import { neighbourKernels } from "../../kernels/neighbour-kernels.js";
import { oneAfterTheOther, type SharePart } from "../../kernels/share-part.js";
import {
  fillRows,
  preparedNeighbourBytes,
  preparedRowBytes,
  roomForRows,
} from "../../kernels/wasm-neighbour-kernels.js";
import { type PatchBank, partOfBank, rowsOfPicture } from "./patch-bank.js";

/** Scores one embedding after the other against one bank. */
export interface PatchDistances {
  /** The bank as it is searched, prepared for other searches as well. */
  readonly bank: PatchBank;
  /** `[channels, cells]`: where a picture's embedding is put. */
  readonly embedding: Float32Array;
  /**
   * Euclidean distances of that embedding's patches to their nearest rows, float32 `[cells]`, ≥ 0, ∞ for patches that are
   * not finite; overwritten by the next call.
   */
  distances(): Float32Array;
  /**
   * The row that was nearest to each patch at the last call of `distances` or `withoutPicture`, `[cells]`, −1 for patches
   * that are not finite; overwritten by the next call of these.
   */
  nearest(): Int32Array;
  /**
   * What `distances` would be had the picture given no row to the bank: an honest score of a training picture, because it
   * is compared with the bank that other pictures meet, less its own few rows.
   * @param picture as the bank numbers it; one without rows in the bank gets its plain distances.
   * @throws MODEL_STATISTICS when all rows are the picture's own.
   */
  withoutPicture(picture: number): Float32Array;
}

/** Bytes that `patchDistances` takes of its arena, the bank not included. */
export function patchDistanceBytes(bank: Pick<Bank, "rows" | "channels" | "scale">, cells: number): number {
  return 4 * (bank.channels + 4) * cells + 5 * ALIGNMENT + preparedRowBytes(bank) + searchWorkBytes(bank);
}

/** Bytes that `searchWork` takes of its scratch. */
export function searchWorkBytes(bank: Pick<Bank, "channels" | "scale">): number {
  return preparedNeighbourBytes(bank, PART_CELLS) + ALIGNMENT;
}

/** Patches in a part of the work: more than a millisecond for a large bank, and enough to read its rows for. */
const PART_CELLS = 64;

/** What threads have in common that search one bank. */
export interface SearchPlaces {
  readonly bank: PatchBank;
  readonly embedding: Float32Array;
  readonly found: Neighbours;
}

/**
 * Takes the places from an arena; nothing is read or written there.
 * @param bank with all its arrays in the arena's memory, in whatever part of it; elsewhere the plain kernels search.
 */
export function searchPlaces(bank: PatchBank, cells: number, arena: Arena): SearchPlaces {
  const embedding = arena.float32(bank.channels * cells);
  const found = { index: arena.int32(cells), squared: arena.float32(cells) };
  return { bank: { ...bank, prepared: roomForRows(bank, arena) }, embedding, found };
}

/**
 * The parts of `distances` for another thread than the one that has called `patchDistances`.
 * @param places the same ones.
 * @param scratch for this thread alone, with room for `searchWorkBytes`.
 */
export function searchWork(places: SearchPlaces, scratch: Arena): (part: number) => void {
  return partOfDistances(places, searchParts(places, scratch));
}

function partOfDistances({ bank, found }: SearchPlaces, search: SearchPart): (part: number) => void {
  return (part) => {
    const { from, to } = search(part, bank, found);
    for (let cell = from; cell < to; cell++) found.squared[cell] = Math.sqrt(found.squared[cell]);
  };
}

/** Searches a bank, or some rows of it, for a part of the patches. @returns which they were. */
type SearchPart = (part: number, rows: Bank, out: Neighbours) => CellRange;

function searchParts({ bank, embedding, found }: SearchPlaces, scratch: Arena): SearchPart {
  const kernels = neighbourKernels(scratch, preparedNeighbourBytes(bank, PART_CELLS) - ALIGNMENT);
  const cells = found.index.length;
  return (part, rows, out) => {
    const from = part * PART_CELLS;
    const range = { from, to: Math.min(from + PART_CELLS, cells) };
    kernels.nearest(rows, embedding, cells, 1, out, range);
    return range;
  };
}

/**
 * A scorer in an arena. Nothing that grows with the grid is allocated for a picture.
 * @param given compiled kernels work on it when its arrays are in the arena's memory, in whatever part (`placeBank`).
 * @param share who does the parts: this thread, or others as well with `searchWork`. The bytes are the same.
 * @param places that the others know.
 * @throws MEMORY when the arena has less than `patchDistanceBytes` left.
 */
export function patchDistances(
  given: PatchBank,
  cells: number,
  arena: Arena,
  share: SharePart = oneAfterTheOther,
  places: SearchPlaces = searchPlaces(given, cells, arena),
): PatchDistances {
  const { bank, embedding, found } = places;
  fillRows(bank, arena);
  const later = { index: arena.int32(cells), squared: arena.float32(cells) };
  const parts = Math.ceil(cells / PART_CELLS);
  const search = searchParts(places, arena);
  const work = partOfDistances(places, search);
  const searchRows = (start: number, end: number, out: Neighbours) => {
    const rows = partOfBank(bank, start, end);
    for (let part = 0; part < parts; part++) search(part, rows, out);
  };
  const { index, squared } = found;
  const rooted = () => {
    for (let cell = 0; cell < cells; cell++) squared[cell] = Math.sqrt(squared[cell]);
    return squared;
  };
  return {
    bank,
    embedding,
    distances() {
      share(parts, work);
      return squared;
    },
    nearest: () => index,
    withoutPicture(picture) {
      const { start, end } = rowsOfPicture(bank, picture);
      if (end - start === bank.rows) throw noOtherRows(picture);
      if (start > 0) searchRows(0, start, found);
      else squared.fill(Number.POSITIVE_INFINITY);
      if (end === bank.rows) return rooted();
      searchRows(end, bank.rows, later);
      for (let cell = 0; cell < cells; cell++) {
        const row = later.index[cell];
        if (start > 0 && !(later.squared[cell] < squared[cell])) continue;
        squared[cell] = later.squared[cell];
        index[cell] = row < 0 ? -1 : row + end;
      }
      return rooted();
    },
  };
}

function noOtherRows(picture: number): BlemishError {
  return new BlemishError("MODEL_STATISTICS", {
    subject: "The memory bank",
    expected: "patches of at least two training pictures, so that each can be compared with the others",
    found: `patches of picture ${picture} only`,
  });
}
