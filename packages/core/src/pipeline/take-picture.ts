/** What happens to a picture before it is judged: is it one that can be judged, and where does the part lie? */
import type { ModelDescription } from "../anomalib/model-description.js";
import type { RuleEvidence } from "../errors.js";
import { alignerOf, requireAligned } from "../stages/alignment/align-picture.js";
import type { PictureAlignment } from "../stages/alignment/alignment-model.js";
import { explanationInPicture, judgementInPicture } from "../stages/alignment/in-picture.js";
import { type MapView, maskInPicture } from "../stages/alignment/pose.js";
import type { PlaceExplanation } from "../stages/detector/explanation.js";
import type { Mask, RgbImage } from "../stages/image/image.js";
import type { Judgement } from "../stages/postprocess/result.js";
import { checkValidity, validityError } from "../stages/validity/check-validity.js";

/** A picture that is to be judged. */
export interface TakenPicture {
  /** What the network sees: the picture, or the picture aligned. */
  readonly image: RgbImage;
  /** Each rule and what it found; null for models without rules. */
  readonly validity: readonly RuleEvidence[] | null;
  /** How the part lay; null for models that do not align. */
  readonly alignment: PictureAlignment | null;
  /** Results of `image` in the coordinates of the picture as it was taken. */
  readonly judgement: (judgement: Judgement, view?: MapView) => Judgement;
  readonly explanations: (places: readonly PlaceExplanation[] | null) => readonly PlaceExplanation[] | null;
  /** A mask of the picture's size. */
  readonly mask: (mask: Mask | null) => Mask | null;
}

/** How a picture is taken in. */
export interface TakeOptions {
  /** false: a picture that breaks rules is judged, too. Default: true. */
  readonly validity?: boolean;
  /** What errors call the picture. Default: "The picture". */
  readonly subject?: string;
}

/**
 * Holds a picture against the model's rules, then aligns it.
 * @throws PICTURE_INVALID when it breaks a rule, PICTURE_ALIGNMENT when the part is not found, unless `validity` is false.
 */
export function takePicture(
  image: RgbImage,
  { validity, alignment, picture }: Pick<ModelDescription, "validity" | "alignment" | "picture">,
  { validity: refuse = true, subject = "The picture" }: TakeOptions = {},
): TakenPicture {
  const evidence = validity === undefined ? null : checkValidity(image, validity, picture);
  const error = refuse && evidence !== null ? validityError(evidence, subject) : null;
  if (error !== null) throw error;
  if (alignment === undefined) return asItLies(image, evidence);
  const aligned = alignerOf(alignment)(image);
  if (refuse) requireAligned(aligned.alignment, alignment, subject);
  const { pose } = aligned;
  return {
    image: aligned.image,
    validity: evidence,
    alignment: aligned.alignment,
    judgement: (judgement, view) => judgementInPicture(judgement, pose, view),
    explanations: (places) => places?.map((place) => explanationInPicture(place, pose)) ?? null,
    mask: (mask) => mask && maskInPicture(mask, pose),
  };
}

function asItLies(image: RgbImage, validity: readonly RuleEvidence[] | null): TakenPicture {
  return {
    image,
    validity,
    alignment: null,
    judgement: (judgement) => judgement,
    explanations: (places) => places,
    mask: (mask) => mask,
  };
}
