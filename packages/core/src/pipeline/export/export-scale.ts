/** Thresholds and ranges of a model in raw units, whoever made it. */
import type { Range } from "../../anomalib/model-description.js";
import { describeModelFile } from "../../bundle/describe-model-file.js";
import type { ModelFile } from "../../bundle/model-file.js";

/** Threshold and range; null where the model has none. */
export interface ExportScale {
  readonly image: { readonly threshold: number; readonly range: Range } | null;
  readonly pixel: { readonly threshold: number; readonly range: Range } | null;
}

/** Of a trained model its calibration; of an imported one what its metadata or its graph said. */
export function exportScale(model: ModelFile): ExportScale {
  const { manifest } = model;
  const normaliser = manifest.origin === "anomalib" ? manifest.imported.normaliser : null;
  if (normaliser !== null) return { image: rangeOf(normaliser.image), pixel: rangeOf(normaliser.pixel) };
  const { imageThreshold, pixelThreshold, normalisation } = describeModelFile(model);
  if (normalisation.method !== "min_max") return { image: null, pixel: null };
  const { image, pixel } = normalisation;
  return {
    image: imageThreshold === null ? null : { threshold: imageThreshold, range: image },
    pixel: pixelThreshold === null ? null : { threshold: pixelThreshold, range: pixel },
  };
}

function rangeOf({ threshold, range }: { readonly threshold: number; readonly range: number }) {
  return { threshold, range: { min: 0, max: range } };
}
