/** From fitted Gaussians to the packed form that model files store and prediction reads. */
import { LANES } from "../../kernels/kernels.js";
import type { Gaussians } from "./gaussian.js";
import { headPacker } from "./head-packer.js";
import { BLOCK_CELLS, blockCount, type FactorPrecision, type PackedGaussians } from "./packed-gaussians.js";
import { triangleRows } from "./tiles.js";

/**
 * Packs the Gaussians: means become float32, factors what `precision` says.
 * @param gaussians tiled float64; not changed.
 */
export function packGaussians(
  gaussians: Pick<Gaussians, "channels" | "cells" | "mean" | "factor">,
  precision: FactorPrecision,
): PackedGaussians {
  const { channels, cells, mean, factor } = gaussians;
  const packer = headPacker(channels, cells, precision);
  const rows = triangleRows(channels);
  const triangles = new Float64Array(rows * BLOCK_CELLS);
  for (let block = 0; block < blockCount(cells); block++) {
    const tile = Math.floor((block * BLOCK_CELLS) / LANES);
    const lane = (block * BLOCK_CELLS) % LANES;
    const lanes = Math.min(BLOCK_CELLS, cells - block * BLOCK_CELLS);
    for (let d = 0; d < channels; d++) {
      const from = (tile * channels + d) * LANES + lane;
      packer.mean.set(mean.subarray(from, from + lanes), (block * channels + d) * BLOCK_CELLS);
    }
    // Together in a small array: what is packed is read twice.
    for (let row = 0, from = tile * rows * LANES + lane; row < rows; row++, from += LANES)
      for (let cell = 0; cell < BLOCK_CELLS; cell++)
        triangles[row * BLOCK_CELLS + cell] = factor[from + cell];
    packer.add(triangles);
  }
  return packer.finish();
}
