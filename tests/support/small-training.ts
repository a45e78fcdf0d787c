/** Trainings small enough to run in a test of core: made-up embeddings instead of pictures and a network. */
import { detectorsOf } from "../../packages/core/src/bundle/detectors-of.js";
import type { RecipeOptions } from "../../packages/core/src/bundle/recipe-options.js";
import { wasmKernels } from "../../packages/core/src/kernels/wasm-kernels.js";
import { type Recipe, recipeFor } from "../../packages/core/src/pipeline/recipe/recipe.js";
import type { HeadTraining } from "../../packages/core/src/pipeline/training/head-training.js";
import { type EmbeddedTraining, learn } from "../../packages/core/src/pipeline/training/learn.js";
import { trainingBytes, trainingHeads } from "../../packages/core/src/pipeline/training/training-heads.js";
import { seededRandom } from "../../packages/core/src/random.js";
import type { BackboneManifest, Tap } from "../../packages/core/src/stages/backbone/manifest.js";
import type { Embedding } from "../../packages/core/src/stages/embedding/embed.js";

/** A backbone's manifest with the given taps. */
export function backboneWith(...taps: Tap[]): BackboneManifest {
  return {
    id: "tiny",
    model: "model.onnx",
    sha256: "0".repeat(64),
    input: {
      name: "x",
      multipleOf: 32,
      colour: "rgb",
      mean: [127, 127, 127],
      std: [128, 128, 128],
      resize: "antialias",
    },
    taps,
    licence: "Apache-2.0",
    source: "made for this test",
  };
}

/** 2 + 3 channels; a 64 px input has 4 × 4 cells. */
export const TINY_BACKBONE = backboneWith(
  { name: "a", channels: 2, stride: 8, scale: 1 },
  { name: "b", channels: 3, stride: 16, scale: 1 },
);

/** The recipe of the tiny backbone on a 64 px input. */
export function smallRecipe(options: RecipeOptions = {}): Recipe {
  return recipeFor(TINY_BACKBONE, { size: 64, falseAlarmRate: 0.1, ...options });
}

/** A made-up good part as every detector sees it: correlated noise around a pattern; the same numbers give the same part. */
export function goodPart(recipe: Recipe, picture: number, seed: number, copy = 0): Embedding[] {
  return detectorsOf(recipe).map(({ channels, grid }, detector) => {
    // The light is the same for all detectors.
    const light = seededRandom(seed, picture).normal();
    const random = seededRandom(seed + 1000 * (1 + detector) + 100_000 * copy, picture);
    const data = Float32Array.from(
      { length: channels * grid.width * grid.height },
      (_, k) => Math.sin(k + copy) + 0.3 * light + 0.5 * random.normal(),
    );
    return { channels, ...grid, data };
  });
}

/** Streams made-up parts by their numbers, each followed by so many turned copies. */
export function goodParts(recipe: Recipe, seed: number, copies = 0) {
  return async function* (numbers: readonly number[]): AsyncGenerator<EmbeddedTraining, void, void> {
    for (const picture of numbers)
      for (let copy = 0; copy <= copies; copy++)
        yield { picture, turned: copy > 0, embeddings: goodPart(recipe, picture, seed, copy) };
  };
}

/** 0, 1, … `count` − 1. */
export function firstNumbers(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** The heads of a recipe, taught with made-up parts; their memory is what a training has. */
export async function taughtHeads(
  recipe: Recipe,
  count: number,
  seed: number,
  { copies = 0, keep = false } = {},
): Promise<HeadTraining[]> {
  const kernels = wasmKernels(trainingBytes(recipe));
  const heads = trainingHeads(recipe, { kernels, pictures: count * (1 + copies), keep, addTo: null });
  await learn(
    heads,
    () => goodParts(recipe, seed, copies)(firstNumbers(count)),
    async () => {},
  );
  return heads;
}
