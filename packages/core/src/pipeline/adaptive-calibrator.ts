/**
 * Anomalib's calibration from labelled pictures: F1-optimal thresholds, and the range of all map values. It tunes on
 * what it sees, so it is an option for parity with Anomalib and never the default.
 * Source: Anomalib 0.7 `AnomalyScoreThreshold`, `MinMax`.
 */
import { BlemishError } from "../errors.js";
import { addPixels, createPixelHistogram, pixelMaxF1 } from "../metrics/pixel-histogram.js";
import { adaptiveThreshold } from "../metrics/ranking.js";
import type { Runs } from "../stages/region/shapes.js";
import type { AdaptiveCalibration } from "./change-threshold.js";
import type { LabelledPicture } from "./evaluate.js";
import { groundTruthRegions } from "./ground-truth-regions.js";
import { judgedPixels } from "./judged-pixels.js";

/** A calibration under way. Pictures are added one by one; their pixels are not kept. */
export interface AdaptiveCalibrator {
  add(picture: Pick<LabelledPicture, "label" | "score" | "map" | "mask">): void;
  /**
   * Thresholds and range of what was added. Without masks the pixel threshold is the image threshold, as in Anomalib.
   * @throws MODEL_STATISTICS without good or without anomalous pictures: there is no F1 to be best.
   */
  result(): AdaptiveCalibration;
}

/** Starts a calibration. @param judged pixels of the map that the model judges. Absent = all. */
export function adaptiveCalibrator(judged?: Runs): AdaptiveCalibrator {
  const scores = { good: [] as number[], anomalous: [] as number[] };
  const pixels = createPixelHistogram();
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const widen = (value: number) => {
    if (value < min) min = value;
    if (value > max) max = value;
  };
  return {
    add({ label, score, map, mask }) {
      scores[label].push(score);
      if (map === null) {
        widen(score);
        return;
      }
      for (let i = 0; i < map.data.length; i++) widen(map.data[i]);
      if (label === "anomalous" && mask === null) return;
      const truth = mask === null ? null : groundTruthRegions(mask, map);
      const { values, regions } = judgedPixels(map.data, truth, judged);
      addPixels(pixels, values, regions);
    },
    result() {
      if (scores.good.length === 0) throw missing("good", scores.anomalous.length);
      if (scores.anomalous.length === 0) throw missing("anomalous", scores.good.length);
      const imageThreshold = adaptiveThreshold(scores);
      const pixelThreshold = pixels.regions === 0 ? imageThreshold : pixelMaxF1(pixels).threshold;
      return { imageThreshold, pixelThreshold, min, max };
    },
  };
}

function missing(label: string, others: number): BlemishError {
  return new BlemishError("MODEL_STATISTICS", {
    subject: "The calibration with labelled pictures",
    expected: `good and anomalous pictures`,
    found: `no ${label} ones among ${others}`,
  });
}
