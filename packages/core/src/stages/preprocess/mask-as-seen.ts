/** A ground-truth mask goes the way of its picture, so that it lies on the anomaly map as the network saw it. */
import { centerCrop } from "../image/center-crop.js";
import { cropAt } from "../image/crop-at.js";
import type { Mask } from "../image/image.js";
import { resizeNearest } from "../image/resize-nearest.js";
import type { PreprocessStep } from "./steps.js";

/**
 * The mask resized (nearest neighbour) and cropped by the same steps as its picture: what albumentations does with
 * masks, and with it Anomalib. Steps on values and colours leave it alone, and so does padding: the map never shows it.
 *
 * @param mask of the picture's size; not changed
 * @throws BlemishError IMAGE_TOO_SMALL for a crop that does not fit
 */
export function maskAsSeen(mask: Mask, steps: readonly PreprocessStep[]): Mask {
  return steps.reduce((seen, step) => {
    if (step.type === "resize") return resizeNearest(seen, step.width, step.height);
    if (step.type === "centerCrop") return centerCrop(seen, step.width, step.height);
    if (step.type === "crop") return cropAt(seen, step);
    return seen;
  }, mask);
}
