/** Anomalib's calibration of an open model from labelled pictures. The formulas are core's. */
import { type AdaptiveCalibration, adaptiveCalibrator, type DatasetItem } from "@blemish/core";
import type { Model } from "../model/model.js";
import type { EvaluateOptions } from "./evaluate-model.js";
import { type FailedItem, labelledPictures } from "./labelled-pictures.js";

/** Thresholds and range, and the pictures that could not be judged. */
export interface ModelCalibration {
  readonly found: AdaptiveCalibration;
  readonly failed: readonly FailedItem[];
}

/**
 * Judges labelled pictures and finds the thresholds with the best F1 on them.
 * @throws BlemishError MODEL_STATISTICS without good or without anomalous pictures, CANCELLED, MODEL_CLOSED.
 */
export async function calibrateModel(
  model: Model,
  dataset: { readonly items: readonly DatasetItem[] },
  { signal, onPicture }: EvaluateOptions = {},
): Promise<ModelCalibration> {
  const calibrator = adaptiveCalibrator(model.description.judged);
  const failed: FailedItem[] = [];
  let done = 0;
  for await (const one of labelledPictures(model, dataset.items, { ...(signal && { signal }) })) {
    if (one.error !== undefined) failed.push(one);
    else calibrator.add(one.picture);
    await onPicture?.(one, ++done, dataset.items.length);
  }
  return { found: calibrator.result(), failed };
}
