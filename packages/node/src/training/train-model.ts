/**
 * Training in Node: pictures → worker threads → heads → model file. The arithmetic is core's `pipeline/`; here are
 * files, threads and progress.
 */
import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import {
  assembleModel,
  BlemishError,
  type Breathe,
  calibrate,
  detectorUnits,
  freshBank,
  type HeadTraining,
  hasBank,
  type Kernels,
  LEAST_PICTURES,
  type LeaveOneOutCalibration,
  learn,
  learnValidity,
  preciseCalibration,
  type Recipe,
  type TrainedModelFile,
  trainingBytes,
  trainingHeads,
  widestPadim,
} from "@blemish/core";
import { sha256 } from "../sha256.js";
import { findAlignment } from "./find-alignment.js";
import { makeThumbnails } from "./make-thumbnails.js";
import { openTileThreads } from "./tile-threads.js";
import type { TrainingStage, TrainOptions } from "./train-options.js";
import { presentFiles } from "./training-files.js";
import { openTrainingPictures, type TrainingPictures } from "./training-pictures.js";
import { planTraining, type TrainingPlan, tooFewPictures } from "./training-plan.js";

/** A finished training. */
export interface TrainedModel {
  readonly model: TrainedModelFile;
  readonly recipe: Recipe;
  readonly calibration: LeaveOneOutCalibration;
}

/**
 * Trains on pictures of good parts, in the given order: the same pictures in the same order give the same bytes.
 *
 * Stages: `align` where it is asked for (the reference is learnt), `fit` (every picture once: moments, and patches drawn for the banks), `select` (the banks' greedy choice),
 * `refine` (every picture again: far patches), `calibrate` (leave-one-out scores of every picture), and for the precise
 * threshold `refit` (five more banks); `thumbnails` where they are asked for.
 *
 * @param pictures paths. With `addTo`, the new pictures only; those of models must still be where they were.
 * @throws BlemishError BACKBONE, OPTION_VALUE, MODEL_NOT_TRAINED, MODEL_MERGE, TRAINING_PICTURES, MODEL_STATISTICS, MEMORY, CANCELLED, and what reading a picture throws.
 */
export async function trainModel(
  pictures: readonly string[],
  options: TrainOptions = {},
): Promise<TrainedModel> {
  const plan = await planTraining(pictures, options);
  if (plan.paths.length < LEAST_PICTURES) throw tooFewPictures(plan.paths.length);
  const { recipe } = plan;
  await checkKnown(plan, options.signal);
  const workers = options.workers ?? availableParallelism();
  const threads = openTileThreads(trainingBytes(recipe), widestPadim(recipe), workers);
  let opened: TrainingPictures | null = null;
  try {
    const alignment = await findAlignment(plan, options);
    const trainingPictures = await openTrainingPictures(plan, workers, options, alignment);
    opened = trainingPictures;
    const heads = headsOf(plan, threads.kernels);
    const breathe = progressOf(hasBank(recipe) ? "select" : null, options);
    const round = (number: number) =>
      number === 0 ? trainingPictures.some(plan.first, "fit", true) : trainingPictures.round("refine");
    await learn(heads, round, breathe);
    checkDifferent(trainingPictures.pixels());
    const calibration = await calibrated(heads, plan, trainingPictures, options);
    const model = await assembleModel({
      backbone: plan.backbone,
      recipe,
      options: plan.recipeOptions,
      heads: heads.map((head) => head.head()),
      calibration,
      files: trainingPictures.files(),
      turned: plan.turned,
      validity: recipe.validity
        ? learnValidity(trainingPictures.measures(), { place: alignment === null })
        : null,
      alignment,
      embedPicture: (picture) => trainingPictures.embed(picture),
      sha256,
    });
    const thumbnails = await makeThumbnails(model, options, workers);
    return { model: { ...model, ...(thumbnails && { thumbnails }) }, recipe, calibration };
  } finally {
    await Promise.all([opened?.close(), threads.close()]);
  }
}

/** The heads under training, in the order of the recipe's detectors. */
function headsOf(
  { recipe, paths, copies, addTo, keepStatistics }: TrainingPlan,
  kernels: Kernels,
): HeadTraining[] {
  return trainingHeads(recipe, { kernels, pictures: paths.length * copies, keep: keepStatistics, addTo });
}

/** Pictures that models were trained on must be what they were: better known before hours of work than after. */
async function checkKnown({ paths, hashes }: TrainingPlan, signal?: AbortSignal): Promise<void> {
  const files = hashes.map((sha256, i) => ({ path: paths[i]!, sha256 }));
  await presentFiles(files, { subject: "The training pictures of the model", ...(signal && { signal }) });
}

/** Leave-one-out scores of all pictures and what follows from them. */
async function calibrated(
  heads: readonly HeadTraining[],
  plan: TrainingPlan,
  pictures: TrainingPictures,
  options: TrainOptions,
): Promise<LeaveOneOutCalibration> {
  const { recipe, copies } = plan;
  const count = plan.paths.length;
  const judged = (numbers: readonly number[]) => pictures.some(numbers, "calibrate", false);
  if (recipe.threshold !== "precise") return calibrate(heads, judged, count, recipe);
  const leftOut = heads.map((head) => head.leaveOneOut());
  const units = await detectorUnits(leftOut, judged, count, recipe);
  const refit = {
    fresh: (detector: number, taught: number) => freshBank(recipe, detector, taught * copies),
    taught: (numbers: readonly number[]) => pictures.some(numbers, null, true),
    judged: (numbers: readonly number[]) => pictures.some(numbers, null, false),
  };
  return preciseCalibration(heads, refit, units, count, recipe, progressOf("refit", options));
}

/**
 * A memory bank of one picture's patches, and copies of it, has nothing to compare a picture with. What counts is what is
 * seen: the same picture in another format is a copy, too.
 * @param pixels hashes of what the pictures show; null for those that have not been read: another training took them.
 */
function checkDifferent(pixels: readonly (string | null)[]): void {
  if (pixels.some((hash) => hash === null || hash !== pixels[0])) return;
  throw new BlemishError("MODEL_STATISTICS", {
    subject: "The set of training pictures",
    expected: "pictures that differ at least by noise",
    found: "pictures that are all the same, pixel for pixel",
  });
}

/** Tells how much of a stage is done (null: nobody), lets others have their turn, and ends a training that was cancelled. */
function progressOf(stage: TrainingStage | null, { signal, onProgress }: TrainOptions): Breathe {
  return async (share) => {
    if (signal?.aborted)
      throw new BlemishError("CANCELLED", { subject: "The training", cause: signal.reason });
    if (stage !== null) onProgress?.(stage, Math.floor(share * 100), 100);
    await setImmediate();
  };
}
