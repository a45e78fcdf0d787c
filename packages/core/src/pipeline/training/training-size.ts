/** How much memory a training takes and how large its model becomes, known before a single picture is read. */

import { cellCount } from "../../bundle/cell-count.js";
import { detectorsOf } from "../../bundle/detectors-of.js";
import { LANES } from "../../kernels/kernels.js";
import {
  BLOCK_CELLS,
  blockCount,
  type FactorPrecision,
  packedRows,
  scaleRows,
} from "../../stages/padim/packed-gaussians.js";
import { tileCount } from "../../stages/padim/tiles.js";
import type { DetectorRecipe, Recipe } from "../recipe/recipe.js";
import { bankRows } from "./patchcore-training.js";
import { bankTrainingBytes, trainingBytes } from "./training-heads.js";

/** Sizes in bytes. */
export interface TrainingSize {
  /** Highest memory of the arithmetic: moments, Gaussians, banks in the making, and the finished model while it is written. */
  readonly arithmetic: number;
  /** What of it PaDiM's kernels work in: one memory, of at most `MOST_KERNEL_BYTES`. */
  readonly kernels: number;
  /** The model file. */
  readonly model: number;
  /** Embeddings that may be kept between the rounds: what is free till the model is assembled, and at least a little. */
  readonly kept: number;
}

/** What decides the sizes besides the recipe. */
export interface TrainingScale {
  readonly pictures: number;
  /** Embeddings of each picture in a round: 1, or more with turned copies. */
  readonly copies: number;
  /** Bytes of the backbone's network. */
  readonly backboneBytes: number;
  readonly keepStatistics: boolean;
  /** Bytes that thumbnails may take. */
  readonly thumbnails: number;
}

/** Path and hash of a training picture in the manifest, typically. */
const BYTES_PER_PICTURE = 180;

/** Embeddings are kept up to this in any case. */
const LEAST_KEPT = 64e6;

/** Everything else in the manifest. */
const MANIFEST_BYTES = 6000;

/** Scale, squared length, picture and place of a bank's row. */
const BYTES_PER_ROW = 16;

const FACTOR_BYTES = { float32: 4, int16: 2, int8: 1 } as const;

/** Bytes of packed Gaussians: means, factors, and with integers the scales. */
function packedBytes(channels: number, blocks: number, precision: FactorPrecision): number {
  const scales = precision === "float32" ? 0 : 4 * scaleRows(channels);
  const entries = FACTOR_BYTES[precision] * packedRows(channels);
  return blocks * BLOCK_CELLS * (4 * channels + entries + scales);
}

/** Bytes of all embeddings of one picture. */
export function embeddingBytes(recipe: Recipe): number {
  const own = detectorsOf(recipe).map((detector) => 4 * detector.channels * cellCount(detector));
  return own.reduce((sum, bytes) => sum + bytes, 0);
}

/** The sizes of a training. What grows with the number of pictures is the list of files, and up to a bound what is kept. */
export function trainingSize(recipe: Recipe, scale: TrainingScale): TrainingSize {
  const own = detectorsOf(recipe).map((detector) => arrayBytes(detector, scale));
  const heads = own.reduce((sum, { head }) => sum + head, 0);
  const arrays = own.reduce((sum, { others }) => sum + others, heads + scale.backboneBytes);
  const model = arrays + scale.pictures * BYTES_PER_PICTURE + MANIFEST_BYTES + scale.thumbnails;
  // While the model is assembled its arrays, a detector that samples it, and then the file stand beside the memory of the
  // heads, which is let go of only afterwards.
  const assembling = arrays + Math.max(2 * heads, model);
  const kept = Math.max(assembling, LEAST_KEPT);
  const embeddings = scale.pictures * scale.copies * embeddingBytes(recipe);
  const kernels = trainingBytes(recipe);
  const learning = kernels + bankTrainingBytes(recipe, scale.pictures * scale.copies);
  const arithmetic = learning + Math.max(assembling, Math.min(kept, embeddings));
  return { arithmetic, kernels, model, kept };
}

/** Bytes of a detector in the model file, the largest that they can be. */
function arrayBytes(
  detector: DetectorRecipe,
  { pictures, copies, keepStatistics }: TrainingScale,
): { head: number; others: number } {
  const { channels, embedding, head } = detector;
  const cells = cellCount(detector);
  const projection = 4 * (embedding.projection?.data.length ?? 0);
  if (head.kind === "patchcore") {
    const patches = cells * pictures * copies;
    const rows = Math.min(bankRows(head, patches), patches);
    const row = channels * (head.precision === "int8" ? 1 : 4) + BYTES_PER_ROW;
    return { head: rows * row, others: projection };
  }
  // What all places share stands in one block and one tile.
  const [blocks, tiles] = head.shared === true ? [1, 1] : [blockCount(cells), tileCount(cells)];
  const triangle = (channels * (channels + 1)) / 2;
  const typical = 4 * cells;
  const statistics = keepStatistics ? 8 * LANES * tiles * (2 * channels + triangle) : 0;
  return { head: packedBytes(channels, blocks, head.factors), others: projection + statistics + typical };
}
