/** Distances of a picture's patches from the nearest rows of a bank, in an arena. */
import { BlemishError } from "../../errors.js";
import { ALIGNMENT, type Arena } from "../../kernels/arena.js";
import type { Bank } from "../../kernels/memory-bank.js";
import { neighbourKernels } from "../../kernels/neighbour-kernels.js";
import { neighbourBytes } from "../../kernels/wasm-neighbour-kernels.js";
import { type PatchBank, partOfBank, rowsOfPicture } from "./patch-bank.js";

/** Scores one embedding after the other against one bank. */
export interface PatchDistances {
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
  return 4 * (bank.channels + 4) * cells + 5 * ALIGNMENT + neighbourBytes(bank, cells);
}

/**
 * A scorer in an arena. Nothing that grows with the grid is allocated for a picture.
 * @param bank compiled kernels work on it when its arrays are in the arena's memory, in whatever part (`placeBank`).
 * @throws MEMORY when the arena has less than `patchDistanceBytes` left.
 */
export function patchDistances(bank: PatchBank, cells: number, arena: Arena): PatchDistances {
  // Parts of the bank are searched, too: room for the whole from the beginning, so that none is taken twice.
  const kernels = neighbourKernels(arena, neighbourBytes(bank, cells));
  const embedding = arena.float32(bank.channels * cells);
  const found = { index: arena.int32(cells), squared: arena.float32(cells) };
  const later = { index: arena.int32(cells), squared: arena.float32(cells) };
  const search = (start: number, end: number, out: typeof found) =>
    kernels.nearest(partOfBank(bank, start, end), embedding, cells, 1, out);
  const { index, squared } = found;
  const rooted = () => {
    for (let cell = 0; cell < cells; cell++) squared[cell] = Math.sqrt(squared[cell]);
    return squared;
  };
  return {
    embedding,
    distances() {
      search(0, bank.rows, found);
      return rooted();
    },
    nearest: () => index,
    withoutPicture(picture) {
      const { start, end } = rowsOfPicture(bank, picture);
      if (end - start === bank.rows) throw noOtherRows(picture);
      if (start > 0) search(0, start, found);
      else squared.fill(Number.POSITIVE_INFINITY);
      if (end === bank.rows) return rooted();
      search(end, bank.rows, later);
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
