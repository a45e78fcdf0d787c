/** Brings a picture to where the good parts lie, and says how it lay. */
import { BlemishError } from "../../errors.js";
import type { RgbImage } from "../image/image.js";
import { alignmentLook, cellSize, poseInPixels } from "./alignment-look.js";
import type { AlignmentModel, PictureAlignment } from "./alignment-model.js";
import { type PoseFinder, poseFinder } from "./find-pose.js";
import { alignedPicture, type Pose } from "./pose.js";

/** An aligned picture. */
export interface AlignedPicture {
  readonly image: RgbImage;
  /** From places of `image` to those of the picture as it was. */
  readonly pose: Pose;
  readonly alignment: PictureAlignment;
}

/** Aligns any number of pictures; what it needs of the reference is made once. */
export type Aligner = (picture: RgbImage) => AlignedPicture;

/** An aligner with a model's reference. A picture in which the part is not found stays as it lies, with its confidence. */
export function aligner({ mode, reference }: Pick<AlignmentModel, "mode" | "reference">): Aligner {
  const find: PoseFinder = poseFinder(Float64Array.from(reference), mode);
  return (picture) => {
    const { confidence, ...found } = find(alignmentLook(picture), cellSize(picture));
    const pose = poseInPixels(found, picture);
    return {
      image: alignedPicture(picture, pose),
      pose,
      alignment: {
        shift: { x: rounded(pose.x, 2), y: rounded(pose.y, 2) },
        degrees: rounded((pose.angle * 180) / Math.PI, 3),
        confidence: rounded(confidence, 4),
      },
    };
  };
}

const known = new WeakMap<AlignmentModel, Aligner>();

/** The aligner of a model that judges many pictures: what it needs of the reference is made with the first. */
export function alignerOf(model: AlignmentModel): Aligner {
  const align = known.get(model) ?? aligner(model);
  known.set(model, align);
  return align;
}

/**
 * Refuses a picture in which the part was not found.
 * @param subject what errors call the picture.
 * @throws PICTURE_ALIGNMENT with shift, angle and confidence.
 */
export function requireAligned(
  { shift, degrees, confidence }: PictureAlignment,
  { least, good }: Pick<AlignmentModel, "least" | "good">,
  subject: string,
): void {
  if (confidence >= least) return;
  throw new BlemishError("PICTURE_ALIGNMENT", {
    subject,
    expected: `a likeness to the good parts of at least ${least} (theirs is ${good.lowest} or more)`,
    found: `${confidence} with the part ${shift.x} px to the right, ${shift.y} px down, turned by ${degrees}°`,
    evidence: [{ rule: "alignment", value: confidence, low: least, high: null, ok: false, shift }],
  });
}

function rounded(value: number, digits: number): number {
  const scale = 10 ** digits;
  // Never −0.
  return Math.round(value * scale) / scale + 0;
}
