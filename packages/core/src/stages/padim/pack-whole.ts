/** From factors with all their zeros, as earlier model files have them, to the packed form. */
import { factorPacker } from "./factor-packer.js";
import {
  BLOCK_CELLS,
  blockCount,
  entryIndex,
  entryStep,
  type PackedGaussians,
  packedRows,
} from "./packed-gaussians.js";
import { storedEntries } from "./round-block.js";
import { triangleRows } from "./tiles.js";

/** Gaussians whose blocks are triangles of all channels, every channel in its own order. */
export interface WholeGaussians extends Omit<PackedGaussians, "linkedGroups" | "order"> {
  /** `[blocks, packedRows(channels), 8]`. */
  readonly factor: PackedGaussians["factor"];
}

/** The same numbers, without most zeros; means and scales are not copied. */
export function packWhole({ factor, ...rest }: WholeGaussians): PackedGaussians {
  const { channels, cells, precision } = rest;
  const blocks = blockCount(cells);
  const size = packedRows(channels) * BLOCK_CELLS;
  const packer = factorPacker(channels, blocks, precision);
  const triangles = storedEntries(precision, triangleRows(channels) * BLOCK_CELLS);
  const step = entryStep(precision);
  const columns = Int32Array.from({ length: channels }, (_, column) => entryIndex(precision, 0, column));
  for (let block = 0; block < blocks; block++) {
    for (let i = 0, to = 0; i < channels; i++) {
      const row = block * size + entryIndex(precision, i, 0);
      for (let j = 0; j <= i; j++, to += BLOCK_CELLS) {
        const from = row + columns[j];
        for (let lane = 0; lane < BLOCK_CELLS; lane++) triangles[to + lane] = factor[from + lane * step];
      }
    }
    packer.add(triangles);
  }
  return { ...rest, ...packer.finish() };
}
