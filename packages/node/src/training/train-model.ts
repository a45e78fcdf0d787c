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
  preciseCalibration,
  type Recipe,
  type TrainedModelFile,
  type TrainingFile,
  trainingBytes,
  trainingHeads,
  widestPadim,
} from "@blemish/core";
import { openTileThreads } from "./tile-threads.js";
import type { TrainingStage, TrainOptions } from "./train-options.js";
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
 * Stages: `fit` (every picture once: moments, and patches drawn for the banks), `select` (the banks' greedy choice),
 * `refine` (every picture again: far patches), `calibrate` (leave-one-out scores of every picture), and for the precise
 * threshold `refit` (five more banks).
 *
 * @param pictures paths. With `addTo`, the new pictures only; those of the model must still be where they were.
 * @throws BlemishError BACKBONE, OPTION_VALUE, MODEL_NOT_TRAINED, MODEL_STATISTICS, MEMORY, CANCELLED, and what reading a picture throws.
 */
export async function trainModel(
  pictures: readonly string[],
  options: TrainOptions = {},
): Promise<TrainedModel> {
  const plan = await planTraining(pictures, options);
  if (plan.paths.length < LEAST_PICTURES) throw tooFewPictures(plan.paths.length);
  const { recipe } = plan;
  const workers = options.workers ?? availableParallelism();
  const threads = openTileThreads(trainingBytes(recipe), widestPadim(recipe), workers);
  let opened: TrainingPictures | null = null;
  try {
    const trainingPictures = await openTrainingPictures(plan, workers, options);
    opened = trainingPictures;
    const heads = headsOf(plan, threads.kernels, options);
    const breathe = progressOf(hasBank(recipe) ? "select" : null, options);
    const round = (number: number) =>
      number === 0 ? trainingPictures.some(plan.first, "fit", true) : trainingPictures.round("refine");
    await learn(heads, round, breathe);
    checkDifferent(trainingPictures.files());
    const calibration = await calibrated(heads, plan, trainingPictures, options);
    const model = await assembleModel({
      backbone: plan.backbone,
      recipe,
      options: plan.recipeOptions,
      heads: heads.map((head) => head.head()),
      calibration,
      files: trainingPictures.files(),
      turned: plan.turned,
      embedPicture: (picture) => trainingPictures.embed(picture),
    });
    return { model, recipe, calibration };
  } finally {
    await Promise.all([opened?.close(), threads.close()]);
  }
}

/** The heads under training, in the order of the recipe's detectors. */
function headsOf(
  { recipe, paths, copies, addTo }: TrainingPlan,
  kernels: Kernels,
  { keepStatistics = false }: TrainOptions,
): HeadTraining[] {
  const keep = keepStatistics || addTo !== null;
  return trainingHeads(recipe, { kernels, pictures: paths.length * copies, keep, addTo });
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

/** A memory bank of one picture's patches, and copies of it, has nothing to compare a picture with. */
function checkDifferent(files: readonly TrainingFile[]): void {
  if (files.some(({ sha256 }) => sha256 !== files[0]!.sha256)) return;
  throw new BlemishError("MODEL_STATISTICS", {
    subject: "The set of training pictures",
    expected: "pictures that differ at least by noise",
    found: "pictures that are all the same",
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
