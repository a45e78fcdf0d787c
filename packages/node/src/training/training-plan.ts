/** What a training will do, before a picture is read. */
import {
  type AlignmentModel,
  BlemishError,
  backboneFor,
  embeddingBytes,
  hasBank,
  keepsMoments,
  LEAST_PICTURES,
  picturesAddedBy,
  type Recipe,
  type RecipeOptions,
  recipeFor,
  requireMergeable,
  requireTrained,
  type TrainedModelFile,
  type TrainingFile,
  type TrainingSize,
  trainingSize,
  turnedInputs,
} from "@blemish/core";
import { type Backbone, loadBackbone } from "../backbones/load-backbone.js";
import type { DecodeLimits } from "../images/decode-limits.js";
import type { EmbeddingSetup } from "./embedder.js";
import { keptCount } from "./kept-embeddings.js";
import { withPictureSize } from "./picture-size.js";
import { thumbnailLimit } from "./thumbnail-limit.js";
import { withTileMargin } from "./tile-margin.js";
import type { TrainOptions } from "./train-options.js";

/** Backbone, recipe and pictures of a training. */
export interface TrainingPlan {
  readonly backbone: Backbone;
  readonly recipe: Recipe;
  /** What the recipe was made from. */
  readonly recipeOptions: RecipeOptions;
  /** The model that pictures are added to. */
  readonly addTo: TrainedModelFile | null;
  /** All pictures: those of the model that is added to, then those of the models that are merged with it, then the new ones. */
  readonly paths: readonly string[];
  /** Hashes of the pictures that are known beforehand: those of models. */
  readonly hashes: readonly string[];
  /** Store PaDiM's statistics with the model. */
  readonly keepStatistics: boolean;
  /** Numbers of the pictures of the first round: all, or without a memory bank those that no moments are known of. */
  readonly first: readonly number[];
  /** Whether memory banks also get turned copies of every picture. */
  readonly turned: boolean;
  /** Embeddings of each picture in a round: 1, or with turned copies 9. */
  readonly copies: number;
  /** Pictures whose embeddings are kept between the rounds. */
  readonly kept: number;
  readonly sizes: TrainingSize;
}

/** A picture and what `turnedPictures` makes of it. */
const COPIES = 9;

/** @throws BlemishError BACKBONE, OPTION_VALUE, MODEL_NOT_TRAINED, MODEL_MERGE; MODEL_STATISTICS without pictures. */
export async function planTraining(
  pictures: readonly string[],
  options: TrainOptions,
): Promise<TrainingPlan> {
  const addTo = options.addTo ? requireTrained(options.addTo, "The model that pictures are added to") : null;
  if (addTo !== null) refuseNarrowed(addTo);
  const whole = addTo === null ? await backboneOf(options) : storedBackbone(addTo);
  const recipeOptions =
    addTo === null
      ? withTileMargin(await withPictureSize(recipeOptionsOf(options), pictures, options.limits), whole)
      : storedOptions(addTo);
  const backbone = { ...whole, manifest: backboneFor(whole.manifest, recipeOptions) };
  const recipe = recipeFor(backbone.manifest, recipeOptions);
  const earlier = addTo?.manifest.training.files ?? [];
  const files = [...earlier, ...mergedFiles(addTo, options)];
  const paths = [...files.map(({ path }) => path), ...pictures];
  if (paths.length === 0) throw tooFewPictures(0);
  const turned = hasBank(recipe) && paths.length < recipe.turnedBelow;
  const kept = addTo !== null && keepsMoments(addTo);
  const known = kept && !hasBank(recipe) ? earlier.length : 0;
  const keepStatistics = options.keepStatistics === true || kept;
  const copies = turned ? COPIES : 1;
  const sizes = trainingSize(recipe, {
    pictures: paths.length,
    copies,
    backboneBytes: backbone.modelBytes.length,
    keepStatistics,
    thumbnails: thumbnailLimit(options),
  });
  return {
    backbone,
    recipe,
    recipeOptions,
    addTo,
    paths,
    hashes: files.map(({ sha256 }) => sha256),
    keepStatistics,
    first: Array.from({ length: paths.length - known }, (_, i) => known + i),
    turned,
    copies,
    kept: keptCount(sizes.kept, copies * embeddingBytes(recipe), paths.length),
    sizes,
  };
}

/** A training would judge again what the model was told to ignore since. */
function refuseNarrowed({ manifest }: TrainedModelFile): void {
  if (manifest.calibration.method !== "good-pictures") return;
  throw new BlemishError("OPTION_VALUE", {
    subject: "The model that pictures are added to",
    expected: "one that judges what it was trained for; train another one with --ignore",
    found: "one that was told to judge less since",
  });
}

/** @throws BlemishError BACKBONE. */
function backboneOf({ backbone, precision }: TrainOptions): Promise<Backbone> | Backbone {
  return typeof backbone === "object" ? backbone : loadBackbone(backbone, precision);
}

/** Pictures of the models that are merged with the one that is added to. */
function mergedFiles(addTo: TrainedModelFile | null, { merge = [] }: TrainOptions): TrainingFile[] {
  if (merge.length === 0) return [];
  if (addTo === null)
    throw new BlemishError("OPTION_VALUE", {
      subject: "merge",
      expected: "addTo beside it: the model that others are merged with",
      found: "none",
    });
  for (const [i, other] of merge.entries()) requireMergeable(addTo, other, `Model ${i + 1} to be merged`);
  return picturesAddedBy(merge, addTo);
}

/** What a training of fewer than `LEAST_PICTURES` throws. */
export function tooFewPictures(found: number): BlemishError {
  return new BlemishError("MODEL_STATISTICS", {
    subject: "The set of training pictures",
    expected: `at least ${LEAST_PICTURES} pictures of good parts`,
    found: String(found),
  });
}

/** The options that shape a model, without those that say how the training runs. */
function recipeOptionsOf(options: TrainOptions): RecipeOptions {
  const {
    backbone: _backbone,
    precision: _precision,
    workers: _workers,
    keepStatistics: _keepStatistics,
    addTo: _addTo,
    merge: _merge,
    thumbnails: _thumbnails,
    limits: _limits,
    signal: _signal,
    onProgress: _onProgress,
    ...recipe
  } = options;
  return recipe;
}

/** The options that a model was trained with, and the rates that it was set to since. */
function storedOptions({ manifest }: TrainedModelFile): RecipeOptions {
  const { backbone, calibration, training } = manifest;
  const { uncertainRate: given, ...options } = training.options;
  const { askedRate, uncertain } = calibration;
  const uncertainRate = uncertain?.askedRate;
  // Only what was changed is added: the model of a training at once has the same options.
  if (recipeFor(backbone, options).falseAlarmRate === askedRate && uncertainRate === given)
    return training.options;
  return { ...options, falseAlarmRate: askedRate, ...(uncertainRate !== undefined && { uncertainRate }) };
}

/** The backbone that a model carries. */
export function storedBackbone({ manifest, backbone }: TrainedModelFile): Backbone {
  return { manifest: manifest.backbone, modelBytes: backbone, folder: "the model" };
}

/** What an embedding worker has to know. */
export function setupOf(
  { backbone, recipe, turned }: TrainingPlan,
  limits: Partial<DecodeLimits>,
  alignment: AlignmentModel | null = null,
): EmbeddingSetup {
  const passes = recipe.passes.map(({ preprocessing, detectors, tiles }) => ({
    ...(tiles && { tiles }),
    preprocessing,
    embeddings: detectors.map(({ embedding }) => embedding),
  }));
  const { capture, picture } = recipe;
  const copies = turned ? turnedInputs(recipe) : null;
  return {
    backbone,
    passes,
    ...(picture && { picture }),
    ...(copies && { turned: copies }),
    ...(capture && { capture }),
    ...(alignment && { alignment }),
    limits,
    threads: 1,
  };
}
