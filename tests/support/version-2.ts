/** Factors as files of format version 2 had them: of all channels in their own order, with all zeros of their triangles. */
import {
  entryIndex,
  entryStep,
  type PackedGaussians,
  packedRows,
} from "../../packages/core/src/stages/padim/packed-gaussians.js";
import { storedEntries } from "../../packages/core/src/stages/padim/round-block.js";
import { unpackFactor } from "../../packages/core/src/stages/padim/unpack-factor.js";

/** The factors of a head as version 2 had them. */
export function version2Factor(head: PackedGaussians): PackedGaussians["factor"] {
  const { channels, cells, precision } = head;
  const size = packedRows(channels) * 8;
  const factor = storedEntries(precision, Math.ceil(cells / 8) * size);
  for (let cell = 0; cell < cells; cell++) {
    const triangle = unpackFactor({ ...head, scale: null }, cell);
    const first = Math.floor(cell / 8) * size + (cell % 8) * entryStep(precision);
    for (let i = 0, at = 0; i < channels; i++)
      for (let j = 0; j <= i; j++, at++) factor[first + entryIndex(precision, i, j)] = triangle[at];
  }
  return factor;
}
