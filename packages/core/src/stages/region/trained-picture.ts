/** What a model knows of the size of its pictures, and what of them it looks at. */
import { BlemishError } from "../../errors.js";
import type { Mask } from "../image/image.js";
import type { View } from "./mask-on-map.js";
import { judgedMask } from "./rasterise.js";
import type { RegionOfInterest } from "./shapes.js";

/**
 * How pictures become network inputs. `stretch`: squeezed to the input's shape, as Anomalib does; `pad`: by one factor, the
 * rest padded; `crop`: cut to the region of interest or to the middle, then as `pad`; `native`: not resized, padded to
 * whole cells.
 */
export type FitPolicy = "stretch" | "pad" | "crop" | "native";

/** Every policy. */
export const FIT_POLICIES: readonly FitPolicy[] = ["stretch", "pad", "crop", "native"];

/** The pictures that a model was trained on, where it can judge no others. */
export interface TrainedPicture {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly fit: FitPolicy;
  /** The rectangle of the picture that map and grid show. */
  readonly view: View;
  /** What of it is judged, coordinates of the picture; absent = all of the view. */
  readonly region?: RegionOfInterest;
  /** What rules about the taking of pictures look at, where that is another region; absent = `region`. */
  readonly measured?: RegionOfInterest;
  /** Other sizes are judged, too, whose aspect differs by at most this share; absent = only this size. */
  readonly aspectTolerance?: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Whether a model can judge a picture of this size. */
export function isSizeJudged(size: Size, picture: TrainedPicture | undefined): boolean {
  if (picture === undefined) return true;
  const { width, height, aspectTolerance } = picture;
  if (size.width === width && size.height === height) return true;
  const [own, other] = [width / height, size.width / size.height];
  return aspectTolerance !== undefined && Math.abs(own / other - 1) <= aspectTolerance;
}

/** @param subject names the picture. @throws BlemishError PICTURE_SIZE for a picture that the model cannot judge. */
export function checkPictureSize(size: Size, picture: TrainedPicture | undefined, subject: string): void {
  if (isSizeJudged(size, picture) || picture === undefined) return;
  const any = picture.aspectTolerance === undefined ? "" : ", or another size of this aspect";
  throw new BlemishError("PICTURE_SIZE", {
    subject,
    expected: `${picture.width} × ${picture.height} pixels${any}`,
    found: `${size.width} × ${size.height}`,
  });
}

/** The rectangle of a picture of this size that the map shows. */
export function viewOf(size: Size, picture: TrainedPicture | undefined): View {
  if (picture === undefined || picture.width !== size.width || picture.height !== size.height)
    return { x: 0, y: 0, width: size.width, height: size.height };
  return picture.view;
}

/**
 * The pixels of a picture of this size that are judged; null = all of them.
 * @throws BlemishError REGION when nothing is.
 */
export function judgedArea(size: Size, picture: TrainedPicture | undefined): Mask | null {
  const view = viewOf(size, picture);
  const whole = view.width === size.width && view.height === size.height;
  if (whole && picture?.region === undefined) return null;
  const region = picture?.region ?? { include: [], ignore: [] };
  const mask = judgedMask(region, size.width, size.height);
  if (whole) return mask;
  for (let y = 0; y < size.height; y++) {
    const row = mask.data.subarray(y * size.width, (y + 1) * size.width);
    if (y < view.y || y >= view.y + view.height) row.fill(0);
    else row.fill(0, 0, view.x).fill(0, view.x + view.width);
  }
  return mask;
}
