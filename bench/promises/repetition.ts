/** One repetition: a training on some good parts, and what its thresholds do to many others. */
import {
  assembleModel,
  calibrate,
  createArena,
  detectorBytes,
  detectorUnits,
  type EmbeddedTraining,
  type Embedding,
  freshBank,
  type HeadTraining,
  hasBank,
  headBytes,
  type LeaveOneOutCalibration,
  learn,
  learnedScorer,
  type PictureStream,
  preciseCalibration,
  promiseFor,
  type Recipe,
  seededRandom,
  type TrainedModelFile,
  trainingBytes,
  trainingHeads,
  wasmKernels,
} from "@blemish/core";
import { embeddingLength, type PartsEmbedder, partOf } from "./good-parts.js";

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

/** Trains on `count` parts of the pool and scores `fresh` others with the model as it would be shipped. */
export async function repeatOnce(
  pool: Float32Array,
  parts: PartsEmbedder,
  plan: RepetitionPlan,
): Promise<Repetition> {
  const { recipe } = parts;
  const drawn = seededRandom(plan.number, plan.count).shuffle(
    Array.from({ length: pool.length / embeddingLength(recipe) }, (_, part) => part),
  );
  const taught = await taughtPictures(pool, parts, drawn.slice(0, plan.count));
  const { model, calibration } = await train(taught, parts);
  const { scores, peaks } = judged(
    model,
    drawn.slice(plan.count, plan.count + plan.fresh).map((part) => partOf(pool, part, recipe)),
  );
  return {
    image: plan.rates.map((rate) => outcome(calibration.scores, scores, rate)),
    pixel: plan.rates.map((rate) => outcome(calibration.peaks, peaks, rate)),
    medianRatio: median(calibration.scores) / median(scores),
  };
}

/** Every training picture's embeddings, turned copies behind it where a training of so many would have them. */
type Taught = readonly (readonly (readonly Embedding[])[])[];

async function taughtPictures(
  pool: Float32Array,
  parts: PartsEmbedder,
  drawn: readonly number[],
): Promise<Taught> {
  const { recipe } = parts;
  if (!hasBank(recipe) || drawn.length >= recipe.turnedBelow)
    return drawn.map((part) => [partOf(pool, part, recipe)]);
  const all: (readonly (readonly Embedding[])[])[] = [];
  for (const part of drawn) all.push(await parts.embed(part, true));
  return all;
}

/** The stages of `trainModel` on embeddings that are there already. */
async function train(
  taught: Taught,
  { recipe, backbone, embedPicture }: PartsEmbedder,
): Promise<{ model: TrainedModelFile; calibration: LeaveOneOutCalibration }> {
  const copies = taught[0]!.length;
  const heads = trainingHeads(recipe, {
    kernels: wasmKernels(trainingBytes(recipe) + (1 << 20)),
    pictures: taught.length * copies,
    keep: false,
    addTo: null,
  });
  const all = Array.from(taught.keys());
  const withCopies: PictureStream = (numbers) => streamed(taught, numbers, true);
  await learn(heads, () => withCopies(all), atOnce);
  const calibration = await calibrated(heads, taught, recipe);
  const model = await assembleModel({
    backbone,
    recipe,
    options: {},
    heads: heads.map((head) => head.head()),
    calibration,
    files: all.map((part) => ({ path: `${part}.png`, sha256: "" })),
    turned: copies > 1,
    validity: null,
    alignment: null,
    embedPicture,
  });
  return { model, calibration };
}

async function calibrated(
  heads: readonly HeadTraining[],
  taught: Taught,
  recipe: Recipe,
): Promise<LeaveOneOutCalibration> {
  const count = taught.length;
  const single: PictureStream = (numbers) => streamed(taught, numbers, false);
  if (recipe.threshold !== "precise") return calibrate(heads, single, count, recipe);
  const leftOut = heads.map((head) => head.leaveOneOut());
  const units = await detectorUnits(leftOut, single, count, recipe);
  const refit = {
    fresh: (detector: number, pictures: number) => freshBank(recipe, detector, pictures * taught[0]!.length),
    taught: (numbers: readonly number[]) => streamed(taught, numbers, true),
    judged: single,
  };
  return preciseCalibration(heads, refit, units, count, recipe, atOnce);
}

/** Nobody waits for a turn here. */
async function atOnce(): Promise<void> {}

async function* streamed(
  taught: Taught,
  numbers: readonly number[],
  copies: boolean,
): AsyncGenerator<EmbeddedTraining, void, void> {
  for (const picture of numbers)
    for (const [copy, embeddings] of taught[picture]!.entries())
      if (copy === 0 || copies) yield { picture, turned: copy > 0, embeddings };
}

/** Score and highest value of the map of pictures. */
function judged(model: TrainedModelFile, pictures: readonly (readonly Embedding[])[]) {
  const scorer = learnedScorer(model, createArena(detectorBytes(model.manifest) + headBytes(model)));
  const scores = new Float64Array(pictures.length);
  const peaks = new Float64Array(pictures.length);
  for (const [i, embeddings] of pictures.entries()) {
    for (const [detector, place] of scorer.embeddings.entries()) place.set(embeddings[detector]!.data);
    const { map, score } = scorer.scoredMap();
    scores[i] = score;
    peaks[i] = map.data.reduce((highest, value) => Math.max(highest, value), 0);
  }
  return { scores, peaks };
}

function outcome(calibration: Float64Array, fresh: Float64Array, rate: number): Outcome {
  const { threshold, expectedRate, guaranteedRate, reached } = promiseFor(calibration, rate);
  const alarms = fresh.reduce((sum, score) => sum + (score >= threshold ? 1 : 0), 0);
  return { expected: expectedRate, guaranteed: guaranteedRate, reached, realised: alarms / fresh.length };
}

function median(values: Float64Array): number {
  const sorted = values.toSorted();
  return sorted[sorted.length >> 1]!;
}
