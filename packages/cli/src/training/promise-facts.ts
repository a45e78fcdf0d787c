/** The evidence for a model's present threshold. */
import { promiseFor, promiseOf, type TrainedModelFile } from "@blemish/core";
import type { PromiseFacts } from "../report-page/promise-words.js";

/**
 * What the stored scores say about the threshold that the model has now. A threshold that does not follow from the
 * asked rate, but was set by hand or found on labelled pictures, is not measured by that rate.
 */
export function promiseFacts({
  manifest,
  scores,
}: Pick<TrainedModelFile, "manifest" | "scores">): PromiseFacts {
  const { imageThreshold, askedRate } = manifest.calibration;
  const follows = promiseFor(scores, askedRate).threshold === imageThreshold;
  return { ...promiseOf(scores, imageThreshold), asked: follows ? askedRate : null };
}
