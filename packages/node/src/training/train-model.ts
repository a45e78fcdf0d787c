/**
 * Training in Node: pictures → worker threads → moments → model file. The arithmetic is core's `pipeline/train.ts`;
 * here are files, threads and progress.
 */
import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import {
  assembleModel,
  type BackbonePrecision,
  BlemishError,
  calibrate,
  type Embedding,
  embeddingBytes,
  fitModel,
  gatherMoments,
  type LeaveOneOutCalibration,
  type Recipe,
  type RecipeOptions,
  recipeFor,
  requireTrained,
  restoreMoments,
  startMoments,
  type TrainedModelFile,
  trainingBytes,
  trainingSize,
} from "@blemish/core";
import { type Backbone, loadBackbone } from "../backbones/load-backbone.js";
import type { DecodeLimits } from "../images/decode-limits.js";
import { mapInOrder } from "../workers/map-in-order.js";
import { startWorker } from "../workers/start-worker.js";
import { WorkerPool } from "../workers/worker-pool.js";
import type { EmbeddedPicture, EmbeddingJob, EmbeddingSetup } from "./embedder.js";
import { type KeptEmbeddings, keepEmbeddings, keptCount } from "./kept-embeddings.js";
import { openTileThreads } from "./tile-threads.js";

/** A step of the training, as progress reports name it. */
export type TrainingStage = "fit" | "calibrate";

/** How a training runs, besides what core's {@link RecipeOptions} choose. */
export interface TrainOptions extends RecipeOptions {
  /** Id or folder of the backbone. Default: the embedded one. */
  readonly backbone?: string;
  /** Numbers that the backbone computes with; the model carries that one. Default `float32`. */
  readonly precision?: BackbonePrecision;
  /** Worker threads. Default: one for each core. */
  readonly workers?: number;
  /** Keep the sufficient statistics in the model, so that pictures can be added later. Default false. */
  readonly keepStatistics?: boolean;
  /** A model with kept statistics that the pictures are added to; its recipe is used. */
  readonly addTo?: TrainedModelFile;
  readonly limits?: Partial<DecodeLimits>;
  readonly signal?: AbortSignal;
  /** Called after every picture of each stage. */
  readonly onProgress?: (stage: TrainingStage, done: number, total: number) => void;
}

/** A finished training. */
export interface TrainedModel {
  readonly model: TrainedModelFile;
  readonly recipe: Recipe;
  readonly calibration: LeaveOneOutCalibration;
}

/**
 * Trains on pictures of good parts, in the given order: the same pictures in the same order give the same bytes.
 *
 * @param pictures paths. With `addTo`, the new pictures only; those of the model must still be where they were.
 * @throws BlemishError BACKBONE, OPTION_VALUE, MODEL_NOT_TRAINED, MODEL_STATISTICS, MEMORY, CANCELLED, and what reading a picture throws.
 */
export async function trainModel(
  pictures: readonly string[],
  options: TrainOptions = {},
): Promise<TrainedModel> {
  const { keepStatistics = false, signal } = options;
  const addTo = options.addTo && requireTrained(options.addTo, "The model that pictures are added to");
  const backbone =
    addTo === undefined ? await loadBackbone(options.backbone, options.precision) : storedBackbone(addTo);
  const recipe = addTo === undefined ? recipeFor(backbone.manifest, options) : storedRecipe(addTo);
  const all = [...(addTo?.manifest.training.files.map(({ path }) => path) ?? []), ...pictures];
  const workers = options.workers ?? availableParallelism();
  const threads = openTileThreads(trainingBytes(recipe), recipe.channels, workers);
  const { kernels } = threads;
  let pool: Pool | null = null;
  try {
    const moments = addTo === undefined ? startMoments(recipe, kernels) : restoreMoments(addTo, kernels);
    const embedders = await openPool(backbone, recipe, options);
    pool = embedders;
    const earlier = all.length - pictures.length;
    const scale = { pictures: all.length, backboneBytes: backbone.modelBytes.length, keepStatistics };
    const count = keptCount(trainingSize(recipe, scale).kept, embeddingBytes(recipe), pictures.length);
    const kept = keepEmbeddings(count, pictures.length);
    const hashes: string[] = [];
    const first = { pool: embedders, sources: pictures, stage: "fit" as const, options };
    const noted = (picture: EmbeddedPicture, index: number) => {
      hashes.push(picture.sha256);
      kept.keep(earlier + index, picture);
    };
    await gatherMoments(moments, embeddings(first, noted));
    const gaussians = fitModel(moments, recipe);
    const known = [...(addTo?.manifest.training.files.map(({ sha256 }) => sha256) ?? []), ...hashes];
    const second = { pool: embedders, sources: all, stage: "calibrate" as const, options, kept };
    const unchanged = ({ sha256 }: EmbeddedPicture, i: number) => checkUnchanged(all[i]!, sha256, known[i]!);
    const calibration = await calibrate(moments, gaussians, embeddings(second, unchanged), recipe);
    const files = all.map((path, i) => ({ path, sha256: known[i]! }));
    const statistics = keepStatistics || addTo !== undefined ? moments : null;
    const embedPicture = (source: EmbeddingJob["source"]) => embedOne(embedders, source, signal);
    const parts = { backbone, recipe, gaussians, calibration, files, statistics, embedPicture };
    return { model: await assembleModel(parts), recipe, calibration };
  } finally {
    await Promise.all([pool?.close(), threads.close()]);
  }
}

type Pool = WorkerPool<EmbeddingJob, EmbeddedPicture>;

function openPool(backbone: Backbone, recipe: Recipe, options: TrainOptions): Promise<Pool> {
  const setup: EmbeddingSetup = {
    backbone,
    preprocessing: recipe.preprocessing,
    embedding: recipe.embedding,
    limits: options.limits ?? {},
    threads: 1,
  };
  return WorkerPool.open<EmbeddingJob, EmbeddedPicture>({
    size: options.workers ?? availableParallelism(),
    start: (gate) => startWorker(setup, gate, "training/embedding-worker"),
    subject: "The training",
  });
}

interface Pass {
  readonly pool: Pool;
  readonly sources: readonly string[];
  readonly stage: TrainingStage;
  readonly options: TrainOptions;
  /** What need not be embedded again. */
  readonly kept?: KeptEmbeddings;
}

/** Kept pictures that are on their way besides those that the workers have. */
const KEPT_AHEAD = 16;

/** The embeddings of the pictures, in order; `each` sees the facts of every picture. */
async function* embeddings(
  { pool, sources, stage, options, kept }: Pass,
  each: (picture: EmbeddedPicture, index: number) => void,
): AsyncGenerator<Embedding, void, void> {
  const { signal, onProgress } = options;
  const task = (source: string, index: number) => {
    const picture = kept?.take(index) ?? null;
    // Not at once: between the pictures others must have their turn.
    return picture === null ? embedOne(pool, source, signal) : setImmediate(picture);
  };
  const limit = pool.capacity + (kept === undefined ? 0 : KEPT_AHEAD);
  let index = 0;
  for await (const picture of mapInOrder(sources, task, { limit, signal })) {
    each(picture, index++);
    onProgress?.(stage, index, sources.length);
    yield picture.embedding;
  }
}

function embedOne(
  pool: Pool,
  source: EmbeddingJob["source"],
  signal?: AbortSignal,
): Promise<EmbeddedPicture> {
  return pool.run(() => ({ value: { source }, transfer: [] }), signal);
}

/** Pictures must stay the same between the passes, and between a training and its continuation. */
function checkUnchanged(path: string, found: string, expected: string): void {
  if (found === expected) return;
  throw new BlemishError("MODEL_STATISTICS", {
    subject: `The training picture ${path}`,
    expected: "the same file as when the model was fitted",
    found: "another content",
  });
}

/** The backbone that a model carries. */
export function storedBackbone({ manifest, backbone }: TrainedModelFile): Backbone {
  return { manifest: manifest.backbone, modelBytes: backbone, folder: "the model" };
}

/** The recipe that a model was trained by. */
export function storedRecipe(model: TrainedModelFile): Recipe {
  const { manifest, projection } = model;
  const { gridWidth, gridHeight, channels } = manifest.head;
  const stored = recipeFor(manifest.backbone, {
    profile: manifest.profile,
    size: manifest.size.width,
    channels,
    score: manifest.map.score,
    falseAlarmRate: manifest.calibration.askedRate,
    seed: manifest.training.seed,
    ignoreBorder: manifest.map.ignoreBorder,
    factors: manifest.head.precision,
  });
  const { grid, scales, channels: kept, projectionRows: rows } = manifest.embedding;
  const embedding = {
    grid,
    scales,
    channels: kept,
    projection: projection === null ? null : { rows, data: projection },
  };
  return { ...stored, embedding, grid: { width: gridWidth, height: gridHeight } };
}
