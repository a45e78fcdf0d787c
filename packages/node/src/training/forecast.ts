/**
 * What a training will need on this machine, before it starts: memory by arithmetic, time by doing a small part of
 * the work.
 */
import { availableParallelism, freemem } from "node:os";
import {
  BlemishError,
  countTiles,
  isCut,
  MOST_KERNEL_BYTES,
  type Recipe,
  tilePixels,
  tileUnit,
} from "@blemish/core";
import type { Backbone } from "../backbones/load-backbone.js";
import { measureCost, type TrainingCost } from "./measure-cost.js";
import { proposeSmaller, type WouldFit } from "./propose-smaller.js";
import type { TrainOptions } from "./train-options.js";
import { planTraining, type TrainingPlan } from "./training-plan.js";

/** How a training is foretold. */
export interface ForecastOptions extends TrainOptions {
  /** Bytes that the process may take. Default: what the system has free. */
  readonly maxMemory?: number;
}

/** What a training will need; sizes in bytes, times in seconds. */
export interface TrainingForecast {
  /** Pictures that the model will rest on, those of a model that is added to included. */
  readonly pictures: number;
  /** The network's inputs in pixels: the side of a square, or both sides. */
  readonly sizes: readonly (number | { readonly width: number; readonly height: number })[];
  /** Highest memory of the process. */
  readonly memory: number;
  /** What of it the kernels of PaDiM work in, which cannot be more than 4 GiB. */
  readonly kernelMemory: number;
  /** Memory that can be had. */
  readonly available: number;
  /** Size of the model file, at most. */
  readonly modelBytes: number;
  /** How the largest input is cut; null = tiles were asked for, but it is no larger than one. Absent = none were. */
  readonly tiles?: ForecastTiles | null;
  /** Null when the memory does not suffice, so that nothing was measured. */
  readonly time: { readonly expected: number; readonly low: number; readonly high: number } | null;
  /** The option that would make it fit, such as "--size 480"; null when it fits, or nothing would help. */
  readonly proposal: string | null;
}

/** Tiles of an input: side and margin in pixels, and how many there are. */
export interface ForecastTiles {
  readonly size: number;
  readonly margin: number;
  readonly count: number;
}

/** What is measured can be wrong by this share. */
const UNCERTAINTY = 0.3;

/** Bytes of the process before a training: Node, the check of the pictures, room for garbage. */
const NODE_BYTES = 150e6;

/** Bytes of a worker besides its network: the thread's heap and two decoded pictures. */
const WORKER_BYTES = 60e6;

/** Bytes of a thread that helps with the arithmetic. */
const TILE_THREAD_BYTES = 25e6;

/** Bytes of an input pixel's values between the layers, in networks of this kind; fewer with no plan of the memory. */
const NETWORK_BYTES = 400;
const FRUGAL_BYTES = 280;

/** Bytes of a pixel of an input that is cut: pictures being read, their files, the finished taps and embeddings. */
const TILED_BYTES = 24;

/** Seconds until the workers stand ready, and for sampling and writing the model. */
const AROUND = 1;

/** Refits of the precise threshold, and the share of the pictures that teach each. */
const REFITS = { count: 5, share: 0.8 };

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
  const plan = await planTraining(pictures, options);
  const workers = options.workers ?? availableParallelism();
  const available = options.maxMemory ?? freeMemory();
  const memory = neededBy(plan, workers);
  const facts = {
    pictures: plan.paths.length,
    sizes: plan.recipe.passes.map(({ size }) => (size.width === size.height ? size.width : size)),
    available,
    modelBytes: plan.sizes.model,
    memory,
    kernelMemory: kernelMemoryOf(plan, workers),
    ...(plan.recipeOptions.tile !== undefined && { tiles: tilesOf(plan) }),
  };
  const fits = (other: TrainingPlan) =>
    neededBy(other, workers) <= available && kernelMemoryOf(other, workers) <= MOST_KERNEL_BYTES;
  if (!fits(plan)) {
    const wouldFit: WouldFit = async (change) =>
      fits(await planTraining(pictures, { ...options, ...change }));
    return { ...facts, time: null, proposal: await proposeSmaller(plan, options, wouldFit) };
  }
  // Merged models may bring all the pictures.
  const cost = await measureCost(pictures.length > 0 ? pictures : plan.paths, plan, options);
  return { ...facts, time: timeOf(cost, plan, workers), proposal: null };
}

/**
 * Refuses a training that does not fit into memory.
 * @throws BlemishError MEMORY naming need, what there is, and an option that would make it fit.
 */
export function checkMemory(forecast: TrainingForecast): void {
  const { memory, kernelMemory, available, sizes, proposal } = forecast;
  const refuse = (need: number, most: number, what: string) => {
    if (need <= most) return;
    const advice = proposal === null ? "" : `; ${proposal} would fit`;
    throw new BlemishError("MEMORY", {
      subject: `The training at ${sizes.map(sizeText).join(" and ")} pixels`,
      expected: `at most ${megabytes(most)} MB${what}`,
      found: `a need of ${megabytes(need)} MB${advice}`,
    });
  };
  refuse(kernelMemory, MOST_KERNEL_BYTES, " for PaDiM's statistics");
  refuse(memory, available, "");
}

function sizeText(size: TrainingForecast["sizes"][number]): string {
  return typeof size === "number" ? `${size} × ${size}` : `${size.width} × ${size.height}`;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}

function neededBy({ backbone, recipe, sizes }: TrainingPlan, workers: number): number {
  return sizes.arithmetic + processBytes(backbone, recipe, workers);
}

function kernelMemoryOf({ sizes }: TrainingPlan, workers: number): number {
  return sizes.kernels + (workers - 1) * TILE_THREAD_BYTES;
}

/** Node itself, and in each worker a network with its values for one picture. */
function processBytes({ modelBytes }: Backbone, { passes }: Recipe, workers: number): number {
  const pixels = Math.max(...passes.map(({ size, tiles }) => tilePixels(tiles, size.width, size.height)));
  const large = Math.max(0, ...passes.map(({ size, tiles }) => (tiles ? size.width * size.height : 0)));
  const values = passes.some(isCut) ? FRUGAL_BYTES : NETWORK_BYTES;
  const network = 3 * modelBytes.length + values * pixels + TILED_BYTES * large;
  return NODE_BYTES + workers * (WORKER_BYTES + network) + (workers - 1) * TILE_THREAD_BYTES;
}

/** The tiles of the first input. */
function tilesOf({ backbone, recipe }: TrainingPlan): ForecastTiles | null {
  const [{ tiles, size }] = recipe.passes as [Recipe["passes"][number]];
  if (tiles === undefined) return null;
  return { ...tiles, count: countTiles(size, tiles, tileUnit(backbone.manifest)) };
}

/** What the system can still give, or what this process is allowed to take. */
function freeMemory(): number {
  const { availableMemory } = process as { availableMemory?: () => number };
  const allowed = availableMemory?.call(process) ?? Number.POSITIVE_INFINITY;
  return Math.min(freemem(), allowed > 0 ? allowed : Number.POSITIVE_INFINITY);
}

/** The rounds: workers embed while this thread adds up, and cores are shared. */
function timeOf(
  cost: TrainingCost,
  { paths, first, copies, kept, recipe, sizes }: TrainingPlan,
  workers: number,
): NonNullable<TrainingForecast["time"]> {
  const cores = availableParallelism();
  const parallel = Math.min(workers, cores);
  const count = paths.length;
  const round = (pictures: number, embedded: number, own: number) => {
    const embedding = embedded * cost.embed;
    return Math.max(embedding / parallel, pictures * own, (embedding + pictures * own) / cores);
  };
  // Only what the first round saw can be kept.
  const share = 1 - (kept / count) * (first.length / count);
  const refined = cost.refine > 0 ? round(count, share * count * copies, copies * cost.refine) : 0;
  const bank = cost.select + refined;
  const refits =
    recipe.threshold === "precise" ? REFITS.count * (REFITS.share * 2 * refined + cost.select) : 0;
  const expected =
    AROUND +
    round(first.length, first.length * copies, cost.gather) +
    cost.fit +
    bank +
    refits +
    round(count, share * count, cost.score) +
    4 * cost.embed +
    cost.thumbnails / parallel +
    sizes.model / 100e6;
  return { expected, low: expected * (1 - UNCERTAINTY), high: expected * (1 + UNCERTAINTY) };
}
