/** Writes whitening factors of eight cells into the packed form, rounded to its precision. */
import {
  BLOCK_CELLS,
  blockCount,
  entryIndex,
  entryStep,
  type FactorPrecision,
  type PackedGaussians,
  packedRows,
  scaleRows,
} from "./packed-gaussians.js";

const LARGEST = { int16: 32767, int8: 127 } as const;

/** Packed Gaussians that are all 0, to be filled. */
export function emptyHead(channels: number, cells: number, precision: FactorPrecision): PackedGaussians {
  const blocks = blockCount(cells);
  const entries = blocks * packedRows(channels) * BLOCK_CELLS;
  return {
    channels,
    cells,
    precision,
    mean: new Float32Array(blocks * channels * BLOCK_CELLS),
    factor: factorArray(precision, entries),
    scale: precision === "float32" ? null : new Float32Array(blocks * scaleRows(channels) * BLOCK_CELLS),
  };
}

function factorArray(precision: FactorPrecision, length: number): PackedGaussians["factor"] {
  if (precision === "float32") return new Float32Array(length);
  return precision === "int16" ? new Int16Array(length) : new Int8Array(length);
}

/**
 * Packs the factors of one block; lanes behind the last cell are left alone.
 * @param head from `emptyHead`; its factor and scale are written to.
 * @param triangles packed lower triangles `[channels(channels+1)/2, 8]`.
 */
export function packBlock(head: PackedGaussians, block: number, triangles: Float64Array): void {
  const { channels, cells, precision, factor, scale } = head;
  const lanes = Math.min(BLOCK_CELLS, cells - block * BLOCK_CELLS);
  const size = scaleRows(channels) * BLOCK_CELLS;
  const scales = scale?.subarray(block * size, (block + 1) * size) ?? null;
  if (scales !== null) findScales(triangles, channels, lanes, LARGEST[precision as "int16" | "int8"], scales);
  // Steps for each unit of a column's entries.
  const steps = scales === null ? null : Float64Array.from(scales, (value) => 1 / value);
  const first = block * packedRows(channels) * BLOCK_CELLS;
  const step = entryStep(precision);
  for (let i = 0, from = 0; i < channels; i++) {
    for (let j = 0; j <= i; j++, from += BLOCK_CELLS) {
      const to = first + entryIndex(precision, i, j);
      if (steps === null)
        for (let lane = 0; lane < lanes; lane++) factor[to + lane * step] = triangles[from + lane];
      else
        for (let lane = 0, column = j * BLOCK_CELLS; lane < lanes; lane++)
          factor[to + lane * step] = Math.round(triangles[from + lane] * steps[column + lane]);
    }
  }
}

/** The scale of every column `[4T, 8]`: its largest entry becomes `most`. */
function findScales(
  triangles: Float64Array,
  channels: number,
  lanes: number,
  most: number,
  scales: Float32Array,
): void {
  const largest = new Float64Array(scales.length);
  for (let i = 0, from = 0; i < channels; i++)
    for (let j = 0; j <= i; j++, from += BLOCK_CELLS)
      for (let lane = 0, column = j * BLOCK_CELLS; lane < lanes; lane++) {
        const entry = Math.abs(triangles[from + lane]);
        if (entry > largest[column + lane]) largest[column + lane] = entry;
      }
  // A touch larger, so that rounding to float32 cannot make the largest entry more than `most`.
  for (let at = 0; at < scales.length; at++) scales[at] = (largest[at] / most) * (1 + 2 ** -23);
}
