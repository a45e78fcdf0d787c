/**
 * Training, the whole story: embeddings stream in twice. The first pass gathers the moments of every cell and fits
 * the Gaussians; the second gives every picture the score it would get from a model that has not seen it, and from
 * those scores come the thresholds. Memory does not grow with the number of pictures.
 */
import type { TrainedModelFile } from "../bundle/model-file.js";
import { BlemishError } from "../errors.js";
import type { Kernels } from "../kernels/kernels.js";
import { type FalseAlarmPromise, promiseFor } from "../metrics/promise.js";
import type { Embedding } from "../stages/embedding/embed.js";
import {
  fitGaussians,
  type GaussianOptions,
  type Gaussians,
  gaussianBytes,
} from "../stages/padim/gaussian.js";
import { leaveOneOutBytes, leaveOneOutScorer } from "../stages/padim/leave-one-out.js";
import {
  addWaiting,
  createMoments,
  type MomentAccumulator,
  momentBytes,
  takeEmbedding,
} from "../stages/padim/moments.js";
import { scoreMapper } from "../stages/score-map/score-map.js";
import type { Recipe } from "./recipe.js";

/** Scores of the training pictures by models that have not seen them, and what follows. */
export interface LeaveOneOutCalibration {
  /** Image score of each picture, in order, raw units. */
  readonly scores: Float64Array;
  /** Highest value of each picture's map, in order, raw units. */
  readonly peaks: Float64Array;
  /** The image threshold and what it promises. */
  readonly image: FalseAlarmPromise;
  /** The pixel threshold: at the asked rate of good parts no pixel reaches it. */
  readonly pixel: FalseAlarmPromise;
}

/** Bytes of kernel memory that a training needs. */
export function trainingBytes({ channels, grid }: Pick<Recipe, "channels" | "grid">): number {
  const cells = grid.width * grid.height;
  // Moments, the Gaussians, and what leave-one-out scoring works with.
  return momentBytes(channels, cells) + gaussianBytes(channels, cells) + leaveOneOutBytes(channels, cells);
}

/** Empty moments that fit a recipe. */
export function startMoments({ channels, grid }: Recipe, kernels: Kernels): MomentAccumulator {
  return createMoments(channels, grid.width * grid.height, kernels);
}

/**
 * The moments that a model file kept, ready for more pictures.
 * @throws MODEL_STATISTICS when the file kept none.
 */
export function restoreMoments(
  { manifest, statistics }: TrainedModelFile,
  kernels: Kernels,
): MomentAccumulator {
  const { channels, gridWidth, gridHeight } = manifest.head;
  if (statistics === null) throw noStatistics();
  const moments = createMoments(channels, gridWidth * gridHeight, kernels);
  moments.pilot.set(statistics.pilot);
  moments.sum.set(statistics.sum);
  moments.scatter.set(statistics.scatter);
  moments.count = manifest.fit.count;
  return moments;
}

/**
 * First pass: adds the embeddings of good pictures, in order, to the moments (changed in place).
 * @throws MODEL_STATISTICS when an embedding does not fit the recipe.
 */
export async function gatherMoments(
  moments: MomentAccumulator,
  embeddings: AsyncIterable<Embedding>,
): Promise<void> {
  for await (const { data } of embeddings) takeEmbedding(moments, data);
  addWaiting(moments);
}

/** Fits one Gaussian per cell to the moments. @throws MODEL_STATISTICS with fewer than two pictures or no variation. */
export function fitModel(moments: MomentAccumulator, recipe: Recipe): Gaussians {
  return fitGaussians(moments, gaussianOptions(recipe, moments.count));
}

/**
 * Second pass: leave-one-out maps of the same pictures → scores → thresholds for the asked false-alarm rate.
 * @throws MODEL_STATISTICS with fewer than three pictures.
 */
export async function calibrate(
  moments: MomentAccumulator,
  gaussians: Gaussians,
  embeddings: AsyncIterable<Embedding>,
  recipe: Recipe,
): Promise<LeaveOneOutCalibration> {
  const scorer = leaveOneOutScorer(moments, gaussians, gaussianOptions(recipe, moments.count));
  const toMap = scoreMapper({
    gridWidth: recipe.grid.width,
    gridHeight: recipe.grid.height,
    ...recipe.size,
    sigma: recipe.sigma,
    score: recipe.score,
    ignoreBorder: recipe.ignoreBorder,
  });
  const scores: number[] = [];
  const peaks: number[] = [];
  const judge = (distances: Float32Array) => {
    const { map, score } = toMap(distances);
    scores.push(score);
    peaks.push(highest(map.data));
  };
  for await (const { data } of embeddings) scorer.take(data).forEach(judge);
  scorer.rest().forEach(judge);
  if (scores.length !== moments.count) throw differentPictures(moments.count, scores.length);
  const rate = recipe.falseAlarmRate;
  return {
    scores: Float64Array.from(scores),
    peaks: Float64Array.from(peaks),
    image: promiseFor(scores, rate),
    pixel: promiseFor(peaks, rate),
  };
}

function highest(values: Float32Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > most) most = values[i];
  return most;
}

function gaussianOptions(recipe: Recipe, count: number): GaussianOptions {
  return { ridge: recipe.ridge, width: recipe.grid.width, pool: count < recipe.poolBelow ? 3 : 1 };
}

function noStatistics(): BlemishError {
  return new BlemishError("MODEL_STATISTICS", {
    subject: "The model that pictures are to be added to",
    expected: "one that was trained with --keep-statistics",
    found: "one without statistics",
  });
}

function differentPictures(fitted: number, scored: number): BlemishError {
  return new BlemishError("MODEL_STATISTICS", {
    subject: "The calibration",
    expected: `the ${fitted} pictures that the model was fitted on`,
    found: `${scored}`,
  });
}
