/** Where a marked place of a picture lies on the anomaly map. */
import { centerCrop } from "../image/center-crop.js";
import { cropAt } from "../image/crop-at.js";
import type { Mask } from "../image/image.js";
import { touchedMask } from "../image/touched-mask.js";
import type { PreprocessStep } from "./steps.js";

/**
 * The place after the steps that its picture went through, at the map's size. Unlike `maskAsSeen`, which repeats what
 * Anomalib does to measure a model, it loses nothing that is small. Empty when a crop cuts the whole place off. The map
 * never shows padding, so that leaves the place alone.
 * @param mask of the picture's size, 1 = marked; not changed.
 * @throws BlemishError IMAGE_TOO_SMALL for a crop that does not fit.
 */
export function placeAsSeen(
  mask: Mask,
  steps: readonly PreprocessStep[],
  { width, height }: { readonly width: number; readonly height: number },
): Mask {
  const seen = steps.reduce((place, step) => {
    if (step.type === "resize") return touchedMask(place, step.width, step.height);
    if (step.type === "crop") return cropAt(place, step);
    return step.type === "centerCrop" ? centerCrop(place, step.width, step.height) : place;
  }, mask);
  return touchedMask(seen, width, height);
}
