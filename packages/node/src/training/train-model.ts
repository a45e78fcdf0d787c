/**
 * Training in Node: pictures → worker threads → moments → model file. The arithmetic is core's `pipeline/train.ts`;
 * here are files, threads and progress.
 */
import { availableParallelism } from "node:os";
import {
  assembleModel,
  BlemishError,
  calibrate,
  type Embedding,
  fitModel,
  gatherMoments,
  type LeaveOneOutCalibration,
  type ModelFile,
  type Recipe,
  type RecipeOptions,
  recipeFor,
  restoreMoments,
  startMoments,
  trainingBytes,
  wasmKernels,
} from "@blemish/core";
import { type Backbone, loadBackbone } from "../backbones/load-backbone.js";
import type { DecodeLimits } from "../images/decode-limits.js";
import { mapInOrder } from "../workers/map-in-order.js";
import { startWorker } from "../workers/start-worker.js";
import { WorkerPool } from "../workers/worker-pool.js";
import type { EmbeddedPicture, EmbeddingJob, EmbeddingSetup } from "./embedder.js";

/** A step of the training, as progress reports name it. */
export type TrainingStage = "fit" | "calibrate";

/** How a training runs, besides what core's {@link RecipeOptions} choose. */
export interface TrainOptions extends RecipeOptions {
  /** Id or folder of the backbone. Default: the embedded one. */
  readonly backbone?: string;
  /** Worker threads. Default: one for each core. */
  readonly workers?: number;
  /** Keep the sufficient statistics in the model, so that pictures can be added later. Default false. */
  readonly keepStatistics?: boolean;
  /** A model with kept statistics that the pictures are added to; its recipe is used. */
  readonly addTo?: ModelFile;
  readonly limits?: Partial<DecodeLimits>;
  readonly signal?: AbortSignal;
  /** Called after every picture of each stage. */
  readonly onProgress?: (stage: TrainingStage, done: number, total: number) => void;
}

/** A finished training. */
export interface TrainedModel {
  readonly model: ModelFile;
  readonly recipe: Recipe;
  readonly calibration: LeaveOneOutCalibration;
}

/**
 * Trains on pictures of good parts, in the given order: the same pictures in the same order give the same bytes.
 *
 * @param pictures paths. With `addTo`, the new pictures only; those of the model must still be where they were.
 * @throws BlemishError BACKBONE, OPTION_VALUE, MODEL_STATISTICS, MEMORY, CANCELLED, and what reading a picture throws.
 */
export async function trainModel(
  pictures: readonly string[],
  options: TrainOptions = {},
): Promise<TrainedModel> {
  const { addTo, keepStatistics = false, signal } = options;
  const backbone = addTo === undefined ? await loadBackbone(options.backbone) : storedBackbone(addTo);
  const recipe = addTo === undefined ? recipeFor(backbone.manifest, options) : storedRecipe(addTo);
  const all = [...(addTo?.manifest.training.files.map(({ path }) => path) ?? []), ...pictures];
  const kernels = wasmKernels(trainingBytes(recipe));
  const moments = addTo === undefined ? startMoments(recipe, kernels) : restoreMoments(addTo, kernels);
  const pool = await openPool(backbone, recipe, options);
  try {
    const hashes: string[] = [];
    const first = { pool, sources: pictures, stage: "fit" as const, options };
    await gatherMoments(
      moments,
      embeddings(first, ({ sha256 }) => hashes.push(sha256)),
    );
    const gaussians = fitModel(moments, recipe, kernels);
    const known = [...(addTo?.manifest.training.files.map(({ sha256 }) => sha256) ?? []), ...hashes];
    const second = { pool, sources: all, stage: "calibrate" as const, options };
    const unchanged = ({ sha256 }: EmbeddedPicture, i: number) => checkUnchanged(all[i]!, sha256, known[i]!);
    const calibration = await calibrate(moments, gaussians, embeddings(second, unchanged), recipe, kernels);
    const files = all.map((path, i) => ({ path, sha256: known[i]! }));
    const statistics = keepStatistics || addTo !== undefined ? moments : null;
    const embedPicture = (source: EmbeddingJob["source"]) => embedOne(pool, source, signal);
    const parts = { backbone, recipe, gaussians, calibration, files, statistics, embedPicture };
    return { model: await assembleModel(parts), recipe, calibration };
  } finally {
    await pool.close();
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
}

/** The embeddings of the pictures, in order; `each` sees the facts of every picture. */
async function* embeddings(
  { pool, sources, stage, options }: Pass,
  each: (picture: EmbeddedPicture, index: number) => void,
): AsyncGenerator<Embedding, void, void> {
  const { signal, onProgress } = options;
  const task = (source: string) => embedOne(pool, source, signal);
  let index = 0;
  for await (const picture of mapInOrder(sources, task, { limit: pool.capacity, signal })) {
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
export function storedBackbone({ manifest, backbone }: ModelFile): Backbone {
  return { manifest: manifest.backbone, modelBytes: backbone, folder: "the model" };
}

/** The recipe that a model was trained by. */
export function storedRecipe(model: ModelFile): Recipe {
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
