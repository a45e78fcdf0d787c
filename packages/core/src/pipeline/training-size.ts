/** How much memory a training takes and how large its model becomes, known before a single picture is read. */
import { LANES } from "../kernels/kernels.js";
import type { Recipe } from "./recipe.js";
import { trainingBytes } from "./train.js";

/** Sizes in bytes. */
export interface TrainingSize {
  /** Highest memory of the arithmetic: moments, Gaussians, and the finished model while it is written. */
  readonly arithmetic: number;
  /** The model file. */
  readonly model: number;
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

/** Everything else in the manifest. */
const MANIFEST_BYTES = 6000;

/** The sizes of a training. Only the list of training files grows with the number of pictures. */
export function trainingSize(recipe: Recipe, scale: TrainingScale): TrainingSize {
  const { channels, grid, embedding } = recipe;
  const lanes = LANES * Math.ceil((grid.width * grid.height) / LANES);
  const triangle = (channels * (channels + 1)) / 2;
  const single = 4 * lanes * (channels + triangle);
  const statistics = scale.keepStatistics ? 8 * lanes * (2 * channels + triangle) : 0;
  const projection = 4 * (embedding.projection?.data.length ?? 0);
  const arrays = single + statistics + projection + scale.backboneBytes;
  const model = arrays + scale.pictures * BYTES_PER_PICTURE + MANIFEST_BYTES;
  // While the model is assembled its arrays, a detector that samples it (float64), and then the file stand beside
  // the kernels' memory, which is let go of only afterwards.
  const assembling = arrays + Math.max(2 * single, model);
  return { arithmetic: trainingBytes(recipe) + assembling, model };
}
