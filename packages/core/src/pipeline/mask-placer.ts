/** Places of the aligned part, such as what a model judges, in a picture as it was taken. */
import { alignerOf } from "../stages/alignment/align-picture.js";
import type { AlignmentModel } from "../stages/alignment/alignment-model.js";
import { maskInPicture } from "../stages/alignment/pose.js";
import type { Mask, RgbImage } from "../stages/image/image.js";

/**
 * Brings masks of the picture's size to where the part lies in it; the same masks for a model that does not align.
 * @param alignment of the model.
 */
export function maskPlacer(image: RgbImage, alignment: AlignmentModel | undefined): (mask: Mask) => Mask {
  if (alignment === undefined) return (mask) => mask;
  const { pose } = alignerOf(alignment)(image);
  return (mask) => maskInPicture(mask, pose);
}
