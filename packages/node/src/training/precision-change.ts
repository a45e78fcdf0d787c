/** What training on the int8 backbone changes: the same training on the float32 one, and their scores side by side. */
import { type ScoreChange, type ScoredSide, scoreChange } from "@blemish/core";
import { type TrainedModel, trainModel } from "./train-model.js";
import type { TrainOptions } from "./train-options.js";

/**
 * Trains once more, in float32, and compares the leave-one-out scores of the pictures, each relative to the threshold of
 * its own model.
 *
 * @param trained a training of these pictures with these options.
 * @throws BlemishError as `trainModel`.
 */
export async function precisionChange(
  { calibration }: Pick<TrainedModel, "calibration">,
  pictures: readonly string[],
  options: Omit<TrainOptions, "addTo" | "precision" | "keepStatistics"> = {},
): Promise<ScoreChange> {
  const exact = await trainModel(pictures, { ...options, keepStatistics: false, precision: "float32" });
  return scoreChange(sideOf(exact), sideOf({ calibration }));
}

function sideOf({ calibration: { scores, image } }: Pick<TrainedModel, "calibration">): ScoredSide {
  return { scores, threshold: image.threshold };
}
