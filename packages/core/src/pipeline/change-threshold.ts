/** A trained model with other thresholds: nothing is learnt again, and every change is recorded in the manifest. */
import { withoutSensitivity } from "../bundle/kept-sensitivity.js";
import type { Calibration, ThresholdChange } from "../bundle/manifest.js";
import type { TrainedModelFile } from "../bundle/model-file.js";
import { requireTrained } from "../bundle/require-trained.js";
import { BlemishError } from "../errors.js";
import { checkUncertainRate, type FalseAlarmPromise, promiseFor, promiseOf } from "../metrics/promise.js";
import { rangeAround, uncertainManifest } from "./training/assemble-model.js";

/** What errors call the model. */
const SUBJECT = "The model whose threshold is to change";

/**
 * The new image threshold: a number in raw units, or the rate that it is to follow from. Beside it or alone the rate of
 * uncertain pictures, null = no grey zone; without it the grey zone keeps its rate.
 */
export type ThresholdWish = (
  | { readonly threshold: number }
  | { readonly falseAlarmRate: number }
  | { readonly uncertainRate: number | null }
) & { readonly uncertainRate?: number | null };

/**
 * The model with another image threshold. What it promises follows from the stored scores of the training pictures. The
 * pixel threshold stays, but for models with filters or zones, whose regions are drawn at the image threshold.
 * @param reason why, in the user's words; "" for none.
 * @throws OPTION_VALUE for a threshold that is not above 0, a rate outside (0, 1), a rate of uncertain pictures that is not
 *   above that of false alarms; MODEL_NOT_TRAINED; MODEL_STATISTICS when the model holds no scores.
 */
export function changeThreshold(
  model: TrainedModelFile,
  wish: ThresholdWish,
  reason: string,
): TrainedModelFile {
  const { scores } = requireTrained(model, SUBJECT);
  const before = model.manifest.calibration;
  const promise = promiseBy(wish, before, scores);
  const rate = "uncertainRate" in wish ? wish.uncertainRate : before.uncertain?.askedRate;
  const { uncertain: _, ...others } = before;
  const moved = "threshold" in wish || "falseAlarmRate" in wish;
  const changes = moved ? changed(before, promise.threshold, reason) : before.changes;
  const after = { ...others, ...greyZone(rate ?? null, promise, scores), changes };
  if (!moved) return withCalibration(model, after);
  return withCalibration(model, {
    ...after,
    ...promised(promise),
    ...rangesAround(promise.threshold, model),
  });
}

/** A threshold, the rate it is measured by, and what it promises. */
type Promised = Omit<FalseAlarmPromise, "reached">;

function promiseBy(wish: ThresholdWish, before: Calibration, scores: Float64Array): Promised {
  if ("threshold" in wish)
    return { ...promiseOf(scores, checkThreshold(wish.threshold)), asked: before.askedRate };
  if ("falseAlarmRate" in wish) return promiseFor(scores, wish.falseAlarmRate);
  return { ...promiseOf(scores, before.imageThreshold), asked: before.askedRate };
}

/** The lower threshold, which must not lie above the upper one. */
function greyZone(
  rate: number | null,
  upper: Promised,
  scores: Float64Array,
): Pick<Calibration, "uncertain"> {
  if (rate === null) return {};
  checkUncertainRate(rate, upper.asked);
  const uncertain = promiseFor(scores, rate);
  if (uncertain.threshold <= upper.threshold) return { uncertain: uncertainManifest(uncertain) };
  throw new BlemishError("OPTION_VALUE", {
    subject: "The grey zone",
    expected: `a rate of uncertain pictures whose threshold is at most the new one, ${upper.threshold}`,
    found: `${rate}, whose threshold is ${uncertain.threshold}: give a higher rate (--uncertain) or none (--no-uncertain)`,
  });
}

/** With filters and zones the pixel threshold is the image threshold. */
function rangesAround(threshold: number, { manifest }: TrainedModelFile) {
  const imageRange = rangeAround(threshold);
  if (manifest.decision === undefined) return { imageRange };
  return { imageRange, pixelThreshold: threshold, pixelRange: imageRange };
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

/**
 * The model with Anomalib's calibration, marked as such. It has seen labels; the promise is said all the same. A grey zone
 * stays as it is while it lies below the new threshold, else there is none any more. With filters and zones the pixel
 * threshold is the image threshold.
 */
export function adoptAdaptive(
  model: TrainedModelFile,
  found: AdaptiveCalibration,
  reason: string,
): TrainedModelFile {
  const { scores } = requireTrained(model, SUBJECT);
  const before = model.manifest.calibration;
  const { imageThreshold, min, max } = found;
  const pixelThreshold = model.manifest.decision === undefined ? found.pixelThreshold : imageThreshold;
  const promise = { ...promiseOf(scores, imageThreshold), asked: before.askedRate };
  const { uncertain, ...others } = before;
  const kept = uncertain !== undefined && uncertain.imageThreshold <= imageThreshold;
  return withCalibration(model, {
    ...others,
    ...(kept && { uncertain }),
    ...promised(promise),
    method: "adaptive-f1",
    pixelThreshold,
    imageRange: { min, max },
    pixelRange: { min, max },
    changes: changed(before, imageThreshold, reason),
  });
}

function promised(promise: Promised) {
  const { threshold, asked, expectedRate, guaranteedRate } = promise;
  // Rates are ratios of small whole numbers: a hair of rounding must not decide.
  const reached = expectedRate <= asked + 1e-9;
  return { imageThreshold: threshold, askedRate: asked, expectedRate, guaranteedRate, reached };
}

function changed(before: Calibration, to: number, reason: string): ThresholdChange[] {
  return [...before.changes, { from: before.imageThreshold, to, reason }];
}

function withCalibration(model: TrainedModelFile, calibration: Calibration): TrainedModelFile {
  return { ...model, manifest: { ...withoutSensitivity(model.manifest), calibration } };
}

function checkThreshold(threshold: number): number {
  if (threshold > 0 && Number.isFinite(threshold)) return threshold;
  throw new BlemishError("OPTION_VALUE", {
    subject: "The threshold",
    expected: "a number above 0, in the raw units of the scores",
    found: String(threshold),
  });
}
