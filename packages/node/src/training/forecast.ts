/**
 * What a training will need on this machine, before it starts: memory by arithmetic, time by doing a small part of
 * the work.
 */
import { availableParallelism, freemem } from "node:os";
import { BlemishError, type Recipe } from "@blemish/core";
import type { Backbone } from "../backbones/load-backbone.js";
import { measureCost, type TrainingCost } from "./measure-cost.js";
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
  /** Sides of the network's inputs in pixels. */
  readonly sizes: readonly number[];
  /** Highest memory of the process. */
  readonly memory: number;
  /** Memory that can be had. */
  readonly available: number;
  /** Size of the model file, at most. */
  readonly modelBytes: number;
  /** Null when the memory does not suffice, so that nothing was measured. */
  readonly time: { readonly expected: number; readonly low: number; readonly high: number } | null;
  /** The option that would make it fit, such as "--size 480"; null when it fits, or nothing would help. */
  readonly proposal: string | null;
}

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
    sizes: plan.recipe.passes.map(({ size }) => size.width),
    available,
    modelBytes: plan.sizes.model,
    memory,
  };
  if (memory > available) {
    const needed = async (change: Partial<TrainOptions>) =>
      neededBy(await planTraining(pictures, { ...options, ...change }), workers);
    return { ...facts, time: null, proposal: await proposalFor(plan, options, available, needed) };
  }
  // Merged models may bring all the pictures.
  const cost = await measureCost(pictures.length > 0 ? pictures : plan.paths, plan, options);
  return { ...facts, time: timeOf(cost, plan, workers), proposal: null };
}

/**
 * Refuses a training that does not fit into memory.
 * @throws BlemishError MEMORY naming need, what there is, and an option that would make it fit.
 */
export function checkMemory({ memory, available, sizes, proposal }: TrainingForecast): void {
  if (memory <= available) return;
  const advice = proposal === null ? "" : `; ${proposal} would fit`;
  throw new BlemishError("MEMORY", {
    subject: `The training at ${sizes.map((size) => `${size} × ${size}`).join(" and ")} pixels`,
    expected: `at most ${megabytes(available)} MB`,
    found: `a need of ${megabytes(memory)} MB${advice}`,
  });
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}

function neededBy({ backbone, recipe, sizes }: TrainingPlan, workers: number): number {
  return sizes.arithmetic + processBytes(backbone, recipe, workers);
}

/** Node itself, and in each worker a network with its values for one picture. */
function processBytes({ modelBytes }: Backbone, { passes }: Recipe, workers: number): number {
  const pixels = Math.max(...passes.map(({ size }) => size.width * size.height));
  // Values between the layers: about 400 bytes per input pixel in networks of this kind.
  const network = 3 * modelBytes.length + 400 * pixels;
  return NODE_BYTES + workers * (WORKER_BYTES + network) + (workers - 1) * TILE_THREAD_BYTES;
}

/** Shares of a memory bank that are proposed. */
const CORESETS = [0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];

/** The next quality below, the largest smaller share of the bank, or the largest smaller size whose need is small enough. */
async function proposalFor(
  { recipe, backbone, addTo }: TrainingPlan,
  { size, profile, head, coreset = 1 }: TrainOptions,
  available: number,
  needed: (change: Partial<TrainOptions>) => Promise<number>,
): Promise<string | null> {
  if (addTo !== null) return null;
  if (size === undefined && profile !== "anomalib-0.7") {
    for (const quality of ["balanced", "fast"] as const)
      if ((await needed({ quality })) <= available) return `--quality ${quality}`;
    return null;
  }
  if (profile === "anomalib-0.7" && head === "patchcore")
    for (const smaller of CORESETS)
      if (smaller < coreset && (await needed({ coreset: smaller })) <= available)
        return `--coreset ${smaller}`;
  const step = backbone.manifest.input.multipleOf;
  for (let side = recipe.size.width - step; side >= step; side -= step)
    if ((await needed({ size: side })) <= available) return `--size ${side}`;
  return null;
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
