/** The two steps that give pixels a colour: padding to the size of the network's input, and painting what is not judged. */
import { BlemishError } from "../../errors.js";
import type { RgbImage } from "../image/image.js";
import { areRuns } from "../region/runs.js";
import type { PreprocessStep } from "./steps.js";

type Pad = Extract<PreprocessStep, { type: "pad" }>;
type Paint = Extract<PreprocessStep, { type: "paint" }>;

/**
 * The picture on a larger one of one colour.
 *
 * @returns a picture with its own data
 * @throws BlemishError METADATA_TRANSFORM when it does not fit in there or the colour is none.
 */
export function padPicture(image: RgbImage, { left, top, width, height, colour }: Pad): RgbImage {
  const fits = left >= 0 && top >= 0 && left + image.width <= width && top + image.height <= height;
  if (!fits) throw refused(`a picture of at most ${width} × ${height} pixels to pad`, sizeText(image));
  const data = new Uint8Array(3 * width * height);
  fill(data, 0, width * height, colour);
  const length = 3 * image.width;
  for (let row = 0; row < image.height; row++) {
    const start = row * length;
    data.set(image.data.subarray(start, start + length), 3 * ((top + row) * width + left));
  }
  return { width, height, channels: 3, data };
}

/**
 * The picture with the pixels of the runs in one colour.
 *
 * @param own true: the picture may be painted on; false: a copy is, and it stays as it is.
 * @throws BlemishError METADATA_TRANSFORM when the runs are none of the picture's or the colour is none.
 */
export function paintRuns(image: RgbImage, { runs, colour }: Paint, own: boolean): RgbImage {
  const usable: boolean = areRuns(runs, image.width * image.height);
  if (!usable) throw refused("runs of the picture's pixels to paint", `others for ${sizeText(image)}`);
  const data = own ? image.data : image.data.slice();
  for (let i = 0; i < runs.length; i += 2) fill(data, runs[i], runs[i + 1], colour);
  return { ...image, data };
}

/** Gives pixels `from` to before `to` a colour. */
function fill(data: Uint8Array, from: number, to: number, colour: readonly number[]): void {
  const [red, green, blue] = colour;
  if (colour.length !== 3 || !colour.every((value) => value >= 0 && value <= 255))
    throw refused("a colour of three numbers from 0 to 255", `[${colour}]`);
  for (let at = 3 * from; at < 3 * to; ) {
    data[at++] = red;
    data[at++] = green;
    data[at++] = blue;
  }
}

function sizeText({ width, height }: RgbImage): string {
  return `${width} × ${height}`;
}

function refused(expected: string, found: string): BlemishError {
  return new BlemishError("METADATA_TRANSFORM", { subject: "The pre-processing", expected, found });
}
