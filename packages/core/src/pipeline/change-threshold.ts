/** A trained model with other thresholds: nothing is learnt again, and every change is recorded in the manifest. */
import type { Calibration, ThresholdChange } from "../bundle/manifest.js";
import type { TrainedModelFile } from "../bundle/model-file.js";
import { requireTrained } from "../bundle/require-trained.js";
import { BlemishError } from "../errors.js";
import { type FalseAlarmPromise, promiseFor, promiseOf } from "../metrics/promise.js";
import { rangeAround } from "./training/assemble-model.js";

/** What errors call the model. */
const SUBJECT = "The model whose threshold is to change";

/** The new image threshold: a number in raw units, or the rate that it is to follow from. */
export type ThresholdWish = { readonly threshold: number } | { readonly falseAlarmRate: number };

/**
 * The model with another image threshold. What it promises follows from the stored scores of the training pictures.
 * The pixel threshold stays.
 * @param reason why, in the user's words; "" for none.
 * @throws OPTION_VALUE for a threshold that is not above 0 or a rate outside (0, 1); MODEL_NOT_TRAINED; MODEL_STATISTICS when the model
 *   holds no scores.
 */
export function changeThreshold(
  model: TrainedModelFile,
  wish: ThresholdWish,
  reason: string,
): TrainedModelFile {
  const { scores } = requireTrained(model, SUBJECT);
  const before = model.manifest.calibration;
  const promise =
    "threshold" in wish
      ? { ...promiseOf(scores, checkThreshold(wish.threshold)), asked: before.askedRate }
      : promiseFor(scores, wish.falseAlarmRate);
  return withCalibration(model, {
    ...before,
    ...promised(promise),
    imageRange: rangeAround(promise.threshold),
    changes: changed(before, promise.threshold, reason),
  });
}

/** Thresholds and ranges that labelled pictures gave; see `adaptive-calibrator.ts`. */
export interface AdaptiveCalibration {
  /** Raw units. */
  readonly imageThreshold: number;
  readonly pixelThreshold: number;
  /** Lowest and highest value of all maps. */
  readonly min: number;
  readonly max: number;
}

/** The model with Anomalib's calibration, marked as such. It has seen labels; the promise is said all the same. */
export function adoptAdaptive(
  model: TrainedModelFile,
  found: AdaptiveCalibration,
  reason: string,
): TrainedModelFile {
  const { scores } = requireTrained(model, SUBJECT);
  const before = model.manifest.calibration;
  const { imageThreshold, pixelThreshold, min, max } = found;
  const promise = { ...promiseOf(scores, imageThreshold), asked: before.askedRate };
  return withCalibration(model, {
    ...before,
    ...promised(promise),
    method: "adaptive-f1",
    pixelThreshold,
    imageRange: { min, max },
    pixelRange: { min, max },
    changes: changed(before, imageThreshold, reason),
  });
}

function promised(promise: Omit<FalseAlarmPromise, "reached">) {
  const { threshold, asked, expectedRate, guaranteedRate } = promise;
  // Rates are ratios of small whole numbers: a hair of rounding must not decide.
  const reached = expectedRate <= asked + 1e-9;
  return { imageThreshold: threshold, askedRate: asked, expectedRate, guaranteedRate, reached };
}

function changed(before: Calibration, to: number, reason: string): ThresholdChange[] {
  return [...before.changes, { from: before.imageThreshold, to, reason }];
}

function withCalibration(model: TrainedModelFile, calibration: Calibration): TrainedModelFile {
  return { ...model, manifest: { ...model.manifest, calibration } };
}

function checkThreshold(threshold: number): number {
  if (threshold > 0 && Number.isFinite(threshold)) return threshold;
  throw new BlemishError("OPTION_VALUE", {
    subject: "The threshold",
    expected: "a number above 0, in the raw units of the scores",
    found: String(threshold),
  });
}
