/** One repetition: a training on some good parts, and what its thresholds do to many others. */
import {
  calibrate,
  type Embedding,
  fitModel,
  gatherMoments,
  promiseFor,
  type Recipe,
  seededRandom,
  startMoments,
  trainingBytes,
  wasmKernels,
} from "@blemish/core";
import { distanceScorer, distances } from "../../packages/core/src/stages/padim/mahalanobis.js";
import { scoreMapper } from "../../packages/core/src/stages/score-map/score-map.js";
import { partOf } from "./good-parts.js";

/** What one threshold promised and what it did. Rates are shares of good parts, 0–1. */
export interface Outcome {
  readonly expected: number;
  readonly guaranteed: number;
  /** Whether the asked rate could be had. */
  readonly reached: boolean;
  /** Share of the fresh parts that it called anomalous. */
  readonly realised: number;
}

/** Outcomes of one repetition, one for each asked rate. */
export interface Repetition {
  readonly image: readonly Outcome[];
  /** A picture counts when one pixel of its map reaches the pixel threshold. */
  readonly pixel: readonly Outcome[];
  /** Median score of the training parts, each left out, over that of the fresh parts. */
  readonly medianRatio: number;
}

/** What a repetition does. */
export interface RepetitionPlan {
  /** Decides, with `count`, which parts are drawn; training and fresh parts never overlap. */
  readonly number: number;
  /** Training pictures. */
  readonly count: number;
  readonly fresh: number;
  readonly rates: readonly number[];
}

/** Trains on `count` parts of the pool and scores `fresh` others. */
export async function repeatOnce(
  pool: Float32Array,
  recipe: Recipe,
  plan: RepetitionPlan,
): Promise<Repetition> {
  const size = pool.length / (recipe.channels * recipe.grid.width * recipe.grid.height);
  const drawn = seededRandom(plan.number, plan.count).shuffle(
    Array.from({ length: size }, (_, part) => part),
  );
  const training = drawn.slice(0, plan.count);
  const fresh = drawn.slice(plan.count, plan.count + plan.fresh);

  const kernels = wasmKernels(trainingBytes(recipe) + (1 << 20));
  const moments = startMoments(recipe, kernels);
  await gatherMoments(moments, embeddings(pool, training, recipe));
  const gaussians = fitModel(moments, recipe);
  const calibration = await calibrate(moments, gaussians, embeddings(pool, training, recipe), recipe);

  const scorer = distanceScorer(gaussians, kernels);
  const toMap = scoreMapper({
    gridWidth: recipe.grid.width,
    gridHeight: recipe.grid.height,
    ...recipe.size,
    sigma: recipe.sigma,
    score: recipe.score,
    ignoreBorder: recipe.ignoreBorder,
  });
  const scores = new Float64Array(plan.fresh);
  const peaks = new Float64Array(plan.fresh);
  fresh.forEach((part, i) => {
    const { map, score } = toMap(distances(scorer, partOf(pool, part, recipe).data));
    scores[i] = score;
    peaks[i] = map.data.reduce((highest, value) => Math.max(highest, value), 0);
  });
  return {
    image: plan.rates.map((rate) => outcome(calibration.scores, scores, rate)),
    pixel: plan.rates.map((rate) => outcome(calibration.peaks, peaks, rate)),
    medianRatio: median(calibration.scores) / median(scores),
  };
}

function outcome(calibration: Float64Array, fresh: Float64Array, rate: number): Outcome {
  const { threshold, expectedRate, guaranteedRate, reached } = promiseFor(calibration, rate);
  const alarms = fresh.reduce((sum, score) => sum + (score >= threshold ? 1 : 0), 0);
  return { expected: expectedRate, guaranteed: guaranteedRate, reached, realised: alarms / fresh.length };
}

async function* embeddings(
  pool: Float32Array,
  parts: readonly number[],
  recipe: Recipe,
): AsyncGenerator<Embedding> {
  for (const part of parts) yield partOf(pool, part, recipe);
}

function median(values: Float64Array): number {
  const sorted = values.toSorted();
  return sorted[sorted.length >> 1]!;
}
