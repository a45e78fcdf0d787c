/** How much memory a training takes and how large its model becomes, known before a single picture is read. */
import { LANES } from "../kernels/kernels.js";
import {
  BLOCK_CELLS,
  blockCount,
  type FactorPrecision,
  packedRows,
  scaleRows,
} from "../stages/padim/packed-gaussians.js";
import type { Recipe } from "./recipe.js";
import { trainingBytes } from "./train.js";

/** Sizes in bytes. */
export interface TrainingSize {
  /** Highest memory of the arithmetic: moments, Gaussians, and the finished model while it is written. */
  readonly arithmetic: number;
  /** The model file. */
  readonly model: number;
  /** Embeddings that may be kept between the passes: what is free till the model is assembled, and at least a little. */
  readonly kept: number;
}

/** What decides the sizes besides the recipe. */
export interface TrainingScale {
  readonly pictures: number;
  /** Bytes of the backbone's network. */
  readonly backboneBytes: number;
  readonly keepStatistics: boolean;
}

/** Path and hash of a training picture in the manifest, typically. */
const BYTES_PER_PICTURE = 180;

/** Embeddings are kept up to this in any case. */
const LEAST_KEPT = 64e6;

/** Everything else in the manifest. */
const MANIFEST_BYTES = 6000;

const FACTOR_BYTES = { float32: 4, int16: 2, int8: 1 } as const;

/** Bytes of packed Gaussians: means, factors, and with integers the scales. */
function packedBytes(channels: number, cells: number, precision: FactorPrecision): number {
  const scales = precision === "float32" ? 0 : 4 * scaleRows(channels);
  const entries = FACTOR_BYTES[precision] * packedRows(channels);
  return blockCount(cells) * BLOCK_CELLS * (4 * channels + entries + scales);
}

/** Bytes of one embedding. */
export function embeddingBytes({ channels, grid }: Pick<Recipe, "channels" | "grid">): number {
  return 4 * channels * grid.width * grid.height;
}

/** The sizes of a training. What grows with the number of pictures is the list of files, and up to a bound what is kept. */
export function trainingSize(recipe: Recipe, scale: TrainingScale): TrainingSize {
  const { channels, grid, embedding, factors } = recipe;
  const lanes = LANES * Math.ceil((grid.width * grid.height) / LANES);
  const triangle = (channels * (channels + 1)) / 2;
  const head = packedBytes(channels, grid.width * grid.height, factors);
  const statistics = scale.keepStatistics ? 8 * lanes * (2 * channels + triangle) : 0;
  const projection = 4 * (embedding.projection?.data.length ?? 0);
  const arrays = head + statistics + projection + scale.backboneBytes;
  const model = arrays + scale.pictures * BYTES_PER_PICTURE + MANIFEST_BYTES;
  // While the model is assembled its arrays, a detector that samples it, and then the file stand beside the kernels'
  // memory, which is let go of only afterwards.
  const assembling = arrays + Math.max(2 * head, model);
  const kept = Math.max(assembling, LEAST_KEPT);
  const embeddings = scale.pictures * embeddingBytes(recipe);
  const arithmetic = trainingBytes(recipe) + Math.max(assembling, Math.min(kept, embeddings));
  return { arithmetic, model, kept };
}
