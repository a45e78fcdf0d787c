/** Measures the parts of a training: a few pictures are embedded, and the heads work on a small part of their grids. */
import {
  BlemishError,
  bankBytes,
  bankPlan,
  type Capture,
  cellCount,
  createArena,
  type DetectorRecipe,
  detectorsOf,
  type Embedding,
  isCut,
  makePatchBank,
  type PadimRecipe,
  type PatchcoreRecipe,
  padimTraining,
  padimTrainingBytes,
  patchDistanceBytes,
  patchDistances,
  placeBank,
  wasmKernels,
} from "@blemish/core";
import { backboneSession } from "../backbones/backbone-session.js";
import { readImageFile } from "../images/read-image-file.js";
import { embedder } from "./embedder.js";
import { thumbnailFrom } from "./make-thumbnails.js";
import { thumbnailLimit } from "./thumbnail-limit.js";
import type { TrainOptions } from "./train-options.js";
import { setupOf, type TrainingPlan } from "./training-plan.js";

/** Seconds of the parts of a training. */
export interface TrainingCost {
  /** One picture to its embeddings, on one thread. */
  readonly embed: number;
  /** One picture into the heads, in the first and in the second round, and its leave-one-out map. */
  readonly gather: number;
  readonly refine: number;
  readonly score: number;
  /** PaDiM's fit and the preparation of leave-one-out scoring. */
  readonly fit: number;
  /** The greedy selection of the memory banks. */
  readonly select: number;
  /** All thumbnails, on one thread. */
  readonly thumbnails: number;
}

/** Pictures that are embedded to measure the time. */
const MEASURED = 3;

/** Embeddings of the small fit, and the share of the grid's cells in it, with the fewest and most cells. */
const FITTED = 4;
const FITTED_CELLS = { share: 1 / 4, fewest: 128, most: 1024 };

/** Rows of the small bank, and how often it is searched. */
const SEARCHED = { rows: 512, times: 3 };

/** Channels that the first half of a bank is chosen in. */
const PROJECTED = 128;

/** A product in float32 takes so many times as long as one in int8. */
const FLOAT32_PRICE = 1.5;

/** @throws BlemishError BACKBONE, CANCELLED, and what reading a picture throws. */
export async function measureCost(
  pictures: readonly string[],
  plan: TrainingPlan,
  options: TrainOptions,
): Promise<TrainingCost> {
  const { embed, embeddings } = await measureEmbedding(pictures, plan, options);
  const thumbnails = await measureThumbnails(pictures, plan.paths.length, options, plan.recipe.capture);
  const total = { embed, gather: 0, refine: 0, score: 0, fit: 0, select: 0, thumbnails };
  if (embeddings.length === 0) return total;
  for (const [i, detector] of detectorsOf(plan.recipe).entries()) {
    const own = embeddings.map((all) => all[i]!);
    const { head } = detector;
    const cost =
      head.kind === "padim"
        ? measurePadim(own, { ...detector, head }, plan.paths.length)
        : measurePatchcore(own, { ...detector, head }, plan.paths.length * plan.copies);
    for (const part of ["gather", "refine", "score", "fit", "select"] as const) total[part] += cost[part];
  }
  return total;
}

async function measureEmbedding(
  pictures: readonly string[],
  plan: TrainingPlan,
  { limits = {}, signal }: TrainOptions,
): Promise<{ embed: number; embeddings: (readonly Embedding[])[] }> {
  const frugal = plan.recipe.passes.some(isCut);
  const session = await backboneSession(plan.backbone, { threads: 1, frugal });
  const server = embedder(session, setupOf(plan, limits));
  const embeddings: (readonly Embedding[])[] = [];
  const times: number[] = [];
  try {
    // The first run also allocates; it is not counted.
    for (const source of [...pictures.slice(0, 1), ...spread(pictures, MEASURED)]) {
      if (signal?.aborted)
        throw new BlemishError("CANCELLED", { subject: "The training", cause: signal.reason });
      const started = performance.now();
      embeddings.push((await server.run({ source, turned: false })).value.copies[0]!);
      times.push(performance.now() - started);
    }
  } finally {
    await server.close();
  }
  return { embed: Math.min(...times.slice(1), times[0] ?? 0) / 1000, embeddings };
}

/** Seconds of the thumbnails that fit into their limit. */
async function measureThumbnails(
  pictures: readonly string[],
  count: number,
  options: TrainOptions,
  capture: Capture | undefined,
): Promise<number> {
  const limit = thumbnailLimit(options);
  if (limit === 0) return 0;
  const { limits = {} } = options;
  const made: { readonly seconds: number; readonly bytes: number }[] = [];
  for (const path of spread(pictures, MEASURED)) {
    const started = performance.now();
    const { length } = await thumbnailFrom(await readImageFile(path, limits), path, limits, { capture });
    made.push({ seconds: (performance.now() - started) / 1000, bytes: length });
  }
  const bytes = made.reduce((sum, one) => sum + one.bytes, 0) / made.length;
  return Math.min(count, Math.floor(limit / bytes) + 1) * Math.min(...made.map(({ seconds }) => seconds));
}

/** Up to `count` pictures from all over the list. */
function spread(pictures: readonly string[], count: number): string[] {
  const step = Math.max(1, pictures.length / count);
  return pictures.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step)).slice(0, count);
}

type HeadCost = Omit<TrainingCost, "embed" | "thumbnails">;

/** The arithmetic of PaDiM on the upper rows of the grid, scaled up to all of it. */
function measurePadim(
  embeddings: readonly Embedding[],
  detector: DetectorRecipe<PadimRecipe>,
  count: number,
): HeadCost {
  const { width, height } = blockOf(detector);
  const { share, fewest, most } = FITTED_CELLS;
  const cells = Math.min(most, Math.max(fewest, share * width * height));
  const rows = Math.min(height, Math.max(1, Math.floor(cells / width)));
  // As many pictures as there will be decide whether moments are pooled.
  const poolBelow = count < detector.head.poolBelow ? Number.POSITIVE_INFINITY : 0;
  const { cells: _, embedding, ...rest } = detector;
  const { places: __, ...whole } = embedding;
  const grid = { width, height: rows };
  const small = { ...rest, embedding: whole, grid, head: { ...detector.head, poolBelow } };
  const parts = Array.from({ length: FITTED }, (_, i) => upperCells(embeddings, i, rows * width));
  const head = padimTraining(small, wasmKernels(padimTrainingBytes(small)));
  const timed = (work: () => void) => secondsOf(work) * (height / rows);
  const gather = timed(() => parts.forEach((part, i) => head.take(part, i, false)));
  const fit = timed(() => Array.from(head.finishRound()));
  const scoring = timed(() => {
    const leftOut = head.leaveOneOut();
    for (const [i, part] of parts.entries()) leftOut.take(part, i);
    leftOut.rest();
  });
  const score = Math.max(scoring - fit, scoring / 4) / FITTED;
  return { gather: gather / FITTED, refine: 0, score, fit: 2 * fit, select: 0 };
}

/**
 * A search in a small bank tells what a product costs; all else is so many products.
 * @param pictures of each round, turned copies included.
 */
function measurePatchcore(
  embeddings: readonly Embedding[],
  detector: DetectorRecipe<PatchcoreRecipe>,
  pictures: number,
): HeadCost {
  const { channels, head } = detector;
  const cells = cellCount(detector);
  const rows = SEARCHED.rows;
  const values = Float32Array.from({ length: rows * channels }, (_, i) => {
    const { data } = embeddings[i % embeddings.length]!;
    return data[(i * 7919) % data.length]!;
  });
  const places = Int32Array.from({ length: rows }, (_, i) => i);
  const bank = makePatchBank(values, channels, places, places, head.precision);
  const bytes = bankBytes(bank) + patchDistanceBytes(bank, cells);
  const arena = createArena(bytes);
  const scorer = patchDistances(placeBank(bank, arena), cells, arena);
  scorer.embedding.set(embeddings[0]!.data);
  const once = Math.min(...Array.from({ length: SEARCHED.times }, () => secondsOf(() => scorer.distances())));
  const product = once / (cells * rows * channels);
  const plan = bankPlan(detector, pictures);
  const rest = plan.rows - plan.first;
  const chosen = plan.first * plan.sampled * PROJECTED + rest * plan.far * channels;
  return {
    gather: 0,
    refine: plan.far === 0 ? 0 : cells * plan.first * channels * product * FLOAT32_PRICE,
    score: cells * plan.rows * channels * product,
    fit: 0,
    select: chosen * product * FLOAT32_PRICE,
  };
}

function secondsOf(work: () => void): number {
  const started = performance.now();
  work();
  return (performance.now() - started) / 1000;
}

/** A block of about as many cells as take part, no wider than the grid. */
function blockOf(detector: DetectorRecipe): { width: number; height: number } {
  const cells = cellCount(detector);
  const width = Math.min(detector.grid.width, cells);
  return { width, height: Math.floor(cells / width) };
}

/** The first cells of one of the embeddings, a little changed so that no two are the same. */
function upperCells(embeddings: readonly Embedding[], index: number, count: number): Float32Array {
  const { channels, data } = embeddings[index % embeddings.length]!;
  const cells = data.length / channels;
  const cut = new Float32Array(channels * count);
  for (let channel = 0; channel < channels; channel++)
    for (let cell = 0; cell < count; cell++)
      cut[channel * count + cell] =
        data[channel * cells + cell]! * (1 + 0.01 * ((index * 7 + channel + cell) % 11));
  return cut;
}
