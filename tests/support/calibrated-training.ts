/** Trainings on made-up parts with their calibration, and what they say of parts to come. */
import { detectorsOf } from "../../packages/core/src/bundle/detectors-of.js";
import type { DetectorManifest } from "../../packages/core/src/bundle/manifest.js";
import type { RecipeOptions } from "../../packages/core/src/bundle/recipe-options.js";
import type { StoredHead } from "../../packages/core/src/bundle/stored-detectors.js";
import { createArena } from "../../packages/core/src/kernels/arena.js";
import type { Recipe } from "../../packages/core/src/pipeline/recipe/recipe.js";
import { placeHead } from "../../packages/core/src/pipeline/stored-head.js";
import { calibrate } from "../../packages/core/src/pipeline/training/calibrate.js";
import type { Decision } from "../../packages/core/src/stages/decision/decision.js";
import type { Embedding } from "../../packages/core/src/stages/embedding/embed.js";
import { scoreMapper } from "../../packages/core/src/stages/score-map/score-map.js";
import { firstNumbers, goodPart, goodParts, smallRecipe, taughtHeads } from "./small-training.js";

/** A training on made-up parts of one seed, calibrated. */
export async function trained(count: number, seed: number, options: RecipeOptions = {}) {
  const recipe = smallRecipe(options);
  const heads = await taughtHeads(recipe, count, seed);
  return { recipe, heads, calibration: await calibrate(heads, goodParts(recipe, seed), count, recipe) };
}

/** What `trained` gives. */
export type Trained = Awaited<ReturnType<typeof trained>>;

/** Distances of a head for one embedding after the other. */
export function distancesOf(head: StoredHead, grid: DetectorManifest["grid"]) {
  const placed = placeHead(head, { grid, head } as unknown as DetectorManifest, createArena(1 << 20));
  return ({ data }: Embedding) => {
    placed.embedding.set(data);
    return placed.distances().slice();
  };
}

/** Scores of parts that the training has not seen. */
export function freshScores({ recipe, heads, calibration }: Trained, count: number, seed: number): number[] {
  const detectors = detectorsOf(recipe);
  const measures = heads.map((head, i) => distancesOf(head.head(), detectors[i]!.grid));
  const toMap = mapperOf(recipe, calibration.factors, calibration.decision);
  return firstNumbers(count).map((picture) => {
    const embeddings = goodPart(recipe, picture, seed);
    return toMap(measures.map((measure, i) => measure(embeddings[i]!))).score;
  });
}

/** From distances to score and map, by the recipe. */
export function mapperOf(recipe: Recipe, factors: readonly number[], decision?: Decision) {
  const { size, sigma, score, ignoreBorder } = recipe;
  const grids = detectorsOf(recipe).map(({ grid }, i) => ({ ...grid, factor: factors[i]! }));
  return scoreMapper({
    ...size,
    sigma,
    score,
    ignoreBorder,
    grids,
    ...(decision && { zones: decision.zones }),
  });
}
