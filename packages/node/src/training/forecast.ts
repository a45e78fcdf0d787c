/**
 * What a training will need on this machine, before it starts: memory by arithmetic, time by doing a small part of
 * the work. A few pictures are embedded, and the fit runs on a few rows of the grid.
 */
import { availableParallelism, freemem } from "node:os";
import {
  BlemishError,
  calibrate,
  type Embedding,
  embeddingBytes,
  fitModel,
  gatherMoments,
  type Recipe,
  recipeFor,
  startMoments,
  type TrainingSize,
  trainingBytes,
  trainingSize,
  wasmKernels,
} from "@blemish/core";
import { backboneSession } from "../backbones/backbone-session.js";
import { type Backbone, loadBackbone } from "../backbones/load-backbone.js";
import { embedder } from "./embedder.js";
import { keptCount } from "./kept-embeddings.js";
import { storedBackbone, storedRecipe, type TrainOptions } from "./train-model.js";

/** How a training is foretold. */
export interface ForecastOptions extends TrainOptions {
  /** Bytes that the process may take. Default: what the system has free. */
  readonly maxMemory?: number;
}

/** What a training will need; sizes in bytes, times in seconds. */
export interface TrainingForecast {
  /** Pictures that the model will rest on, those of a model that is added to included. */
  readonly pictures: number;
  /** Side of the network's input in pixels. */
  readonly size: number;
  /** Highest memory of the process. */
  readonly memory: number;
  /** Memory that can be had. */
  readonly available: number;
  /** Size of the model file. */
  readonly modelBytes: number;
  /** Null when the memory does not suffice, so that nothing was measured. */
  readonly time: { readonly expected: number; readonly low: number; readonly high: number } | null;
  /** The largest smaller size that fits; null when this one fits, or none does. */
  readonly smallerSize: number | null;
}

/** Pictures that are embedded to measure the time. */
const MEASURED = 3;

/** Embeddings of the small fit, and the share of the grid's cells in it, with the fewest and most cells. */
const FITTED = 4;
const FITTED_CELLS = { share: 1 / 4, fewest: 128, most: 1024 };

/** What is measured can be wrong by this share. */
const UNCERTAINTY = 0.3;

/** Bytes of the process before a training: Node, the check of the pictures, room for garbage. */
const NODE_BYTES = 150e6;

/** Bytes of a worker besides its network: the thread's heap and two decoded pictures. */
const WORKER_BYTES = 60e6;

/** Bytes of a thread that helps with the arithmetic. */
const TILE_THREAD_BYTES = 25e6;

/** Seconds until the workers stand ready, and for sampling and writing the model. */
const AROUND = 1;

/**
 * Foretells a training of these pictures, good to about ±30 % on an otherwise idle machine.
 *
 * @param pictures paths of readable pictures, as `trainModel` takes them.
 * @throws BlemishError BACKBONE, OPTION_VALUE, CANCELLED, and what reading a picture throws.
 */
export async function forecastTraining(
  pictures: readonly string[],
  options: ForecastOptions = {},
): Promise<TrainingForecast> {
  const { addTo, keepStatistics = false, maxMemory } = options;
  const backbone =
    addTo === undefined ? await loadBackbone(options.backbone, options.precision) : storedBackbone(addTo);
  const recipe = addTo === undefined ? recipeFor(backbone.manifest, options) : storedRecipe(addTo);
  const workers = options.workers ?? availableParallelism();
  const count = pictures.length + (addTo?.manifest.training.files.length ?? 0);
  const scale = {
    pictures: count,
    backboneBytes: backbone.modelBytes.length,
    keepStatistics: keepStatistics || addTo !== undefined,
  };
  const sizes = trainingSize(recipe, scale);
  const process = processBytes(backbone, recipe, workers);
  const available = maxMemory ?? freeMemory();
  const facts = { pictures: count, size: recipe.size.width, available, modelBytes: sizes.model };
  const memory = sizes.arithmetic + process;
  if (memory > available) {
    const smaller = (size: number) =>
      neededBy(backbone, recipeFor(backbone.manifest, { ...options, size }), workers, scale);
    const smallerSize = addTo === undefined ? largestFitting(recipe, backbone, available, smaller) : null;
    return { ...facts, memory, time: null, smallerSize };
  }
  const cost = await measure(pictures, backbone, recipe, count, options);
  const kept = keptCount(sizes.kept, embeddingBytes(recipe), pictures.length);
  const time = timeOf(cost, { added: pictures.length, count, kept, workers }, sizes);
  return { ...facts, memory, time, smallerSize: null };
}

/**
 * Refuses a training that does not fit into memory.
 * @throws BlemishError MEMORY naming need, what there is, and a size that would fit.
 */
export function checkMemory({ memory, available, size, smallerSize }: TrainingForecast): void {
  if (memory <= available) return;
  const proposal = smallerSize === null ? "" : `; --size ${smallerSize} would fit`;
  throw new BlemishError("MEMORY", {
    subject: `The training at ${size} × ${size} pixels`,
    expected: `at most ${megabytes(available)} MB`,
    found: `a need of ${megabytes(memory)} MB${proposal}`,
  });
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}

/** Node itself, and in each worker a network with its values for one picture. */
function processBytes({ modelBytes }: Backbone, { size }: Recipe, workers: number): number {
  // Values between the layers: about 400 bytes per input pixel in networks of this kind.
  const network = 3 * modelBytes.length + 400 * size.width * size.height;
  return NODE_BYTES + workers * (WORKER_BYTES + network) + (workers - 1) * TILE_THREAD_BYTES;
}

function neededBy(
  backbone: Backbone,
  recipe: Recipe,
  workers: number,
  scale: Parameters<typeof trainingSize>[1],
): number {
  return trainingSize(recipe, scale).arithmetic + processBytes(backbone, recipe, workers);
}

function largestFitting(
  { size }: Recipe,
  { manifest }: Backbone,
  available: number,
  needed: (size: number) => number,
): number | null {
  const step = manifest.input.multipleOf;
  for (let side = size.width - step; side >= step; side -= step) if (needed(side) <= available) return side;
  return null;
}

/** What the system can still give, or what this process is allowed to take. */
function freeMemory(): number {
  const { availableMemory } = process as { availableMemory?: () => number };
  const allowed = availableMemory?.call(process) ?? Number.POSITIVE_INFINITY;
  return Math.min(freemem(), allowed > 0 ? allowed : Number.POSITIVE_INFINITY);
}

/** Seconds of the parts of the work. */
interface Cost {
  /** One picture to its embedding, on one thread. */
  readonly embed: number;
  /** One picture into the moments, and its leave-one-out map. */
  readonly gather: number;
  readonly score: number;
  /** The fit and the preparation of leave-one-out scoring. */
  readonly fit: number;
}

async function measure(
  pictures: readonly string[],
  backbone: Backbone,
  recipe: Recipe,
  count: number,
  options: TrainOptions,
): Promise<Cost> {
  const { limits = {}, signal } = options;
  const { preprocessing, embedding } = recipe;
  const session = await backboneSession(backbone, { threads: 1 });
  const server = embedder(session, { backbone, preprocessing, embedding, limits, threads: 1 });
  const embeddings: Embedding[] = [];
  const times: number[] = [];
  try {
    // The first run also allocates; it is not counted.
    for (const source of [...pictures.slice(0, 1), ...spread(pictures, MEASURED)]) {
      if (signal?.aborted)
        throw new BlemishError("CANCELLED", { subject: "The training", cause: signal.reason });
      const started = performance.now();
      embeddings.push((await server.run({ source })).value.embedding);
      times.push(performance.now() - started);
    }
  } finally {
    await server.close();
  }
  const embed = Math.min(...times.slice(1), times[0] ?? 0) / 1000;
  return { embed, ...(await measureFit(embeddings, recipe, count)) };
}

/** Up to `count` pictures from all over the list. */
function spread(pictures: readonly string[], count: number): string[] {
  const step = Math.max(1, pictures.length / count);
  return pictures.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step)).slice(0, count);
}

/** The arithmetic of a training on the upper rows of the grid, scaled up to all of it. */
async function measureFit(
  embeddings: readonly Embedding[],
  recipe: Recipe,
  count: number,
): Promise<Omit<Cost, "embed">> {
  const { width, height } = recipe.grid;
  if (embeddings.length === 0) return { gather: 0, score: 0, fit: 0 };
  const { share, fewest, most } = FITTED_CELLS;
  const cells = Math.min(most, Math.max(fewest, share * width * height));
  const rows = Math.min(height, Math.max(1, Math.floor(cells / width)));
  const small: Recipe = {
    ...recipe,
    grid: { width, height: rows },
    // As many pictures as there will be decide whether moments are pooled.
    poolBelow: count < recipe.poolBelow ? Number.POSITIVE_INFINITY : 0,
  };
  const parts = Array.from({ length: FITTED }, (_, i) => upperRows(embeddings, i, rows));
  const kernels = wasmKernels(trainingBytes(small));
  const moments = startMoments(small, kernels);
  const timed = async <T>(work: () => T | Promise<T>) => {
    const started = performance.now();
    return { value: await work(), seconds: ((performance.now() - started) / 1000) * (height / rows) };
  };
  const gathering = await timed(() => gatherMoments(moments, listed(parts)));
  const fitting = await timed(() => fitModel(moments, small));
  const scoring = await timed(() => calibrate(moments, fitting.value, listed(parts), small));
  const score = Math.max(scoring.seconds - fitting.seconds, scoring.seconds / 4) / FITTED;
  return { gather: gathering.seconds / FITTED, score, fit: 2 * fitting.seconds };
}

/** The upper rows of one of the embeddings, a little changed so that no two are the same. */
function upperRows(embeddings: readonly Embedding[], index: number, rows: number): Embedding {
  const { channels, width, height, data } = embeddings[index % embeddings.length]!;
  const cut = new Float32Array(channels * rows * width);
  for (let channel = 0; channel < channels; channel++) {
    const start = channel * width * height;
    const row = data.subarray(start, start + rows * width);
    for (let cell = 0; cell < row.length; cell++)
      cut[channel * row.length + cell] = row[cell]! * (1 + 0.01 * ((index * 7 + channel + cell) % 11));
  }
  return { channels, width, height: rows, data: cut };
}

async function* listed<T>(values: readonly T[]): AsyncGenerator<T, void, void> {
  yield* values;
}

/** The two passes: workers embed while this thread adds up, and cores are shared. */
function timeOf(
  cost: Cost,
  run: {
    readonly added: number;
    readonly count: number;
    /** Of which the embeddings are kept between the passes. */
    readonly kept: number;
    readonly workers: number;
  },
  { model }: TrainingSize,
): NonNullable<TrainingForecast["time"]> {
  const cores = availableParallelism();
  const parallel = Math.min(run.workers, cores);
  const pass = (pictures: number, embedded: number, own: number) => {
    const embedding = embedded * cost.embed;
    return Math.max(embedding / parallel, pictures * own, (embedding + pictures * own) / cores);
  };
  const writing = model / 100e6;
  const expected =
    AROUND +
    pass(run.added, run.added, cost.gather) +
    cost.fit +
    pass(run.count, run.count - run.kept, cost.score) +
    4 * cost.embed +
    writing;
  return { expected, low: expected * (1 - UNCERTAINTY), high: expected * (1 + UNCERTAINTY) };
}
