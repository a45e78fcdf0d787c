/** Made-up descriptions and detections, for tests of what is decided from them. */
import type { ModelDescription, Normalisation } from "../../packages/core/src/anomalib/model-description.js";
import type { Detection } from "../../packages/core/src/stages/detector/detector.js";
import type { FloatMap } from "../../packages/core/src/stages/image/image.js";

/** A PaDiM of Anomalib 0.7 with thresholds 0.6 and 0.5 on the scale 0 to 2. */
export function describedModel(change: Partial<ModelDescription> = {}): ModelDescription {
  return {
    profile: "anomalib-0.7",
    evidence: [],
    kind: "padim",
    task: "segmentation",
    input: { name: "input", height: null, width: null, batch: 1 },
    outputs: { map: "output", score: null, label: null, mask: null },
    scoreSource: "output",
    preprocessing: [],
    imageThreshold: 0.6,
    pixelThreshold: 0.5,
    normalisation: minMax(0, 2),
    notes: [],
    ...change,
  };
}

/** One range for score and map. */
export function minMax(min: number, max: number): Normalisation {
  return { method: "min_max", image: { min, max }, pixel: { min, max } };
}

/** What a graph says that gives a raw map, or a raw score. */
export function seen(map: FloatMap | null, score: number | null = null): Detection {
  return { map, score, label: null, mask: null, normalised: false };
}

/** A map of one row. */
export const rowMap = (...values: number[]): FloatMap => ({
  width: values.length,
  height: 1,
  data: Float32Array.from(values),
});
