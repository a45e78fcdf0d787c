/** Why a place of a picture is hot, asked in the coordinates of the picture as it was taken. */
import { alignerOf } from "../stages/alignment/align-picture.js";
import { explanationInPicture, placeInReference } from "../stages/alignment/in-picture.js";
import type { PlaceExplanation } from "../stages/detector/explanation.js";
import type { RgbImage } from "../stages/image/image.js";
import type { PredictModel } from "./predict.js";

/**
 * Explains a place of the picture that the model judged last.
 * @param image that picture.
 * @param place shares of its sides, 0 to 1.
 * @returns null where the model cannot say it.
 */
export function explainInPicture(
  image: RgbImage,
  { description: { alignment }, detector: { explain } }: PredictModel,
  place: Pick<PlaceExplanation, "x" | "y">,
): PlaceExplanation | null {
  if (explain === undefined) return null;
  if (alignment === undefined) return explain(place);
  const { pose } = alignerOf(alignment)(image);
  return explanationInPicture(explain(placeInReference(place, pose)), pose);
}
