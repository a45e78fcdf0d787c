/** The few numbers about one picture that the health check of a data set compares. A picture's facts take 1 KB. */
import { BlemishError } from "../errors.js";
import type { Raster8, RgbImage } from "../stages/image/image.js";
import { resizeArea } from "../stages/image/resize-area.js";

/** Side of {@link PictureFacts.look}. */
export const LOOK_SIDE = 16;

/** Longest side of the picture on which sharpness is measured, pixels. */
const SHARPNESS_SIDE = 512;

/** Numbers about one picture. */
export interface PictureFacts {
  readonly width: number;
  readonly height: number;
  /** The grey picture averaged to 16 × 16, 0–255 in steps of 1/128, times 128. */
  readonly look: Uint16Array;
  /** Natural logarithm of the variance of the Laplacian over the variance of the picture; low = blurred. */
  readonly sharpness: number;
  /** Mean grey, 0–255. */
  readonly brightness: number;
  /** Shares 0–1 of pixels of which all channels are at most 2, or at least 253. */
  readonly black: number;
  readonly white: number;
}

/**
 * Measures a picture. Grey is ITU-R BT.601 luma, rounded. Sharpness is measured at most at 512 pixels on the longer
 * side and relative to contrast, so that neither size nor light decides it; a picture of one colour has −∞.
 *
 * @throws BlemishError IMAGE_PIXELS when data and size disagree
 */
export function pictureFacts(image: RgbImage): PictureFacts {
  const { width, height } = image;
  const { grey, ...exposure } = expose(image);
  const scale = Math.min(1, SHARPNESS_SIDE / Math.max(width, height));
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  const sharpness = sharpnessOf(resizeArea(grey, side(width), side(height)));
  return { width, height, look: lookOf(grey), sharpness, ...exposure };
}

interface GreyImage extends Raster8 {
  readonly channels: 1;
}

/** The grey picture, and the numbers that one pass over all samples gives. */
function expose(image: RgbImage): Pick<PictureFacts, "brightness" | "black" | "white"> & { grey: GreyImage } {
  const { data, width, height } = image;
  const pixels = width * height;
  if (data.length !== pixels * 3 || pixels === 0) {
    const [expected, found] = [`${width} × ${height} × 3 samples`, String(data.length)];
    throw new BlemishError("IMAGE_PIXELS", { subject: "The picture to measure", expected, found });
  }
  const grey = new Uint8Array(pixels);
  let [sum, black, white] = [0, 0, 0];
  for (let pixel = 0, at = 0; pixel < pixels; pixel++, at += 3) {
    const red = data[at];
    const green = data[at + 1];
    const blue = data[at + 2];
    const luma = 299 * red + 587 * green + 114 * blue;
    grey[pixel] = (luma + 500) / 1000;
    sum += luma;
    if (red <= 2 && green <= 2 && blue <= 2) black++;
    else if (red >= 253 && green >= 253 && blue >= 253) white++;
  }
  return {
    grey: { width, height, channels: 1, data: grey },
    brightness: sum / (1000 * pixels),
    black: black / pixels,
    white: white / pixels,
  };
}

/** Means of 16 × 16 equal rectangles, pixels on their edges shared. Not rounded to levels as a resized picture is. */
function lookOf({ data, width, height }: GreyImage): Uint16Array {
  const rows = new Float64Array(LOOK_SIDE * height);
  for (let y = 0; y < height; y++) averageAxis(data.subarray(y * width, (y + 1) * width), rows, y, height);
  const cells = new Float64Array(LOOK_SIDE * LOOK_SIDE);
  for (let x = 0; x < LOOK_SIDE; x++)
    averageAxis(rows.subarray(x * height, (x + 1) * height), cells, x, LOOK_SIDE);
  return Uint16Array.from(cells, (value) => Math.round(value * 128));
}

/** Means of 16 equal stretches of a line of values, written to `out[at]`, `out[at + step]`, … */
function averageAxis(line: ArrayLike<number>, out: Float64Array, at: number, step: number): void {
  const stretch = line.length / LOOK_SIDE;
  for (let cell = 0; cell < LOOK_SIDE; cell++) {
    const start = cell * stretch;
    const end = start + stretch;
    const first = Math.floor(start);
    const last = Math.min(line.length, Math.ceil(end)) - 1;
    let sum = 0;
    for (let i = first; i <= last; i++) sum += line[i];
    // The whole first and last value are in the sum, of which only a part lies in the stretch.
    sum -= line[first] * (start - first) + line[last] * (last + 1 - end);
    out[at + cell * step] = sum / stretch;
  }
}

function sharpnessOf({ data: grey, width, height }: GreyImage): number {
  const all = new Spread();
  const edges = new Spread();
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1, at = y * width + 1; x < width - 1; x++, at++) {
      const value = grey[at];
      all.add(value);
      edges.add(grey[at - 1] + grey[at + 1] + grey[at - width] + grey[at + width] - 4 * value);
    }
  }
  // Less than a tenth of a level is rounding, not structure.
  const contrast = all.variance();
  return contrast < 0.01 ? Number.NEGATIVE_INFINITY : Math.log(edges.variance() / contrast);
}

/** Variance of whole numbers: their sums are exact, so that nothing cancels. */
class Spread {
  #count = 0;
  #sum = 0;
  #squares = 0;

  add(value: number): void {
    this.#count++;
    this.#sum += value;
    this.#squares += value * value;
  }

  /** 0 for no values. */
  variance(): number {
    if (this.#count === 0) return 0;
    const mean = this.#sum / this.#count;
    return Math.max(0, this.#squares / this.#count - mean * mean);
  }
}
