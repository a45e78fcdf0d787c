/**
 * The few numbers about a picture from which it is told whether it was taken like the good pictures. They are measured on
 * a reduced copy, so that they cost a fraction of a millisecond whatever the picture's size.
 */
import type { Raster8, RgbImage } from "../image/image.js";
import { reducePicture } from "../image/reduce-picture.js";
import { resizeArea } from "../image/resize-area.js";
import { greyUnjudged } from "../region/reduced-area.js";
import type { TrainedPicture } from "../region/trained-picture.js";
import { LOOK_SIDE } from "./validity-rules.js";

/** Longest side of the reduced copy, pixels. Blur from about 0.8 % of the longer side on is seen in it. */
export const REDUCED_SIDE = 128;

/** What is measured of one picture. All numbers are finite. */
export interface PictureMeasures {
  /** Of the picture, pixels. */
  readonly width: number;
  readonly height: number;
  /** Mean grey (ITU-R BT.601 luma), 0–255. */
  readonly brightness: number;
  /** Standard deviation of the grey, 0–127.5. */
  readonly contrast: number;
  /** Shares 0–1 of the reduced copy's pixels of which all channels are at most 2, or at least 253. */
  readonly black: number;
  readonly white: number;
  /** Mean difference of a pixel's largest and smallest channel, 0–255; 0 = the picture is grey. */
  readonly colour: number;
  /** Logarithm of the variance of the Laplacian over that of the picture; low = blurred. {@link FLAT} without contrast. */
  readonly sharpness: number;
  /** The grey picture averaged to 32 × 32, row-major, 0–255. */
  readonly look: Uint8Array;
}

/** Sharpness of a picture of one grey. */
export const FLAT = -20;

/** Variance in levels² up to which a picture is of one grey: rounding, not structure. */
const NO_CONTRAST = 0.01;

/**
 * Measures a picture of any size from 1 × 1.
 * @param judged what is judged of it: nothing else is looked at. Default: all.
 * @throws BlemishError IMAGE_PIXELS when data and size disagree.
 */
export function measurePicture(
  image: RgbImage,
  { judged }: { readonly judged?: TrainedPicture | undefined } = {},
): PictureMeasures {
  const { width, height } = image;
  const scale = Math.min(1, REDUCED_SIDE / Math.max(width, height));
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  const small = reducePicture(image, side(width), side(height));
  const reduced = judged === undefined ? small : greyUnjudged(ownCopy(small, image), image, judged);
  const grey = new Uint8Array(reduced.width * reduced.height);
  const light = lightOf(reduced.data, grey);
  const picture: Raster8 = { width: reduced.width, height: reduced.height, channels: 1, data: grey };
  const variance = light.contrast * light.contrast;
  const sharpness =
    variance < NO_CONTRAST ? FLAT : Math.max(FLAT, Math.log(laplacianVariance(picture) / variance));
  const look = resizeArea(picture, LOOK_SIDE, LOOK_SIDE).data.slice();
  return { width, height, ...light, sharpness, look };
}

/** A picture that is small enough is its own reduced copy. */
function ownCopy(small: RgbImage, image: RgbImage): RgbImage {
  return small.data === image.data ? { ...small, data: small.data.slice() } : small;
}

/** One pass over the reduced copy; fills in its grey. */
function lightOf(data: Uint8Array, grey: Uint8Array) {
  let sum = 0;
  let squares = 0;
  let black = 0;
  let white = 0;
  let colour = 0;
  for (let pixel = 0, at = 0; pixel < grey.length; pixel++, at += 3) {
    const red = data[at];
    const green = data[at + 1];
    const blue = data[at + 2];
    const luma = (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16;
    const most = red > green ? (red > blue ? red : blue) : green > blue ? green : blue;
    const least = red < green ? (red < blue ? red : blue) : green < blue ? green : blue;
    grey[pixel] = luma;
    sum += luma;
    squares += luma * luma;
    colour += most - least;
    if (most <= 2) black++;
    else if (least >= 253) white++;
  }
  const count = grey.length;
  const brightness = sum / count;
  const contrast = Math.sqrt(Math.max(0, squares / count - brightness * brightness));
  return { brightness, contrast, black: black / count, white: white / count, colour: colour / count };
}

/** Of the pixels that have four neighbours; 0 where there are none. */
function laplacianVariance({ data, width, height }: Raster8): number {
  const count = (width - 2) * (height - 2);
  if (width < 3 || height < 3) return 0;
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < height - 1; y++)
    for (let at = y * width + 1, end = (y + 1) * width - 1; at < end; at++) {
      const value = data[at - 1] + data[at + 1] + data[at - width] + data[at + width] - 4 * data[at];
      sum += value;
      squares += value * value;
    }
  const mean = sum / count;
  return Math.max(0, squares / count - mean * mean);
}
