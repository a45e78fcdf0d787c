/**
 * A picture becomes the tensor that a network was trained on: resize, crop, then one table look-up for each
 * sample. Resampling is stages/image; which steps a model asks for is read elsewhere (anomalib/).
 */
import { BlemishError } from "../../errors.js";
import { fastPixelKernels } from "../../kernels/fast-pixel-kernels.js";
import type { Tensor, TensorParts } from "../../tensor.js";
import { centerCrop } from "../image/center-crop.js";
import { cropAt } from "../image/crop-at.js";
import type { RgbImage } from "../image/image.js";
import { resizeAntialias } from "../image/resize-antialias.js";
import { resizeArea } from "../image/resize-area.js";
import { resizeLinear } from "../image/resize-linear.js";
import { resizeNearest } from "../image/resize-nearest.js";
import { padPicture, paintRuns } from "./pad-and-paint.js";
import type { PreprocessStep } from "./steps.js";

type ValueStep = Extract<PreprocessStep, { type: "normalize" | "toFloat" }>;

const RESIZERS = {
  nearest: resizeNearest,
  linear: resizeLinear,
  area: resizeArea,
  antialias: resizeAntialias,
} as const;

/**
 * Applies the steps in their order, bit-equal to albumentations 1.3.1 as Anomalib 0.3–0.7 uses it. Steps on
 * pixels (resize, centerCrop, crop, pad, paint) come first, in any number; at most one step on values (normalize, toFloat) ends
 * the list. Without one the samples become plain floats 0–255.
 *
 * @param image upright RGB, 0–255; not changed
 * @param steps what the model asks for
 * @param out array to write the values to, of exactly 3 · height · width elements; a new one when absent
 * @returns float32 `[1, 3, height, width]`, channels R, G, B; its data is `out` when given
 * @throws BlemishError METADATA_TRANSFORM for steps that make no sense (order, constants), IMAGE_TOO_SMALL for
 * a crop that does not fit, OPTION_VALUE for an `out` of another length, IMAGE_PIXELS
 */
export function preProcess(image: RgbImage, steps: readonly PreprocessStep[], out?: Float32Array): Tensor {
  checkOrder(steps);
  checkRgb(image);
  const size = preProcessedSize(steps, image.width, image.height);
  const area = size.width * size.height;
  if (out !== undefined && out.length !== 3 * area) {
    throw new BlemishError("OPTION_VALUE", {
      subject: "The array to write the network's input to",
      expected: `${3 * area} elements`,
      found: `${out.length}`,
    });
  }
  const table = valueTable(steps);
  const picture = pixelsAsSeen(image, steps);
  const data = out ?? new Float32Array(3 * area);
  fastPixelKernels().planes(picture.data, table, data);
  return { data, shape: [1, 3, size.height, size.width] };
}

/**
 * The same tensor in parts, for networks that see a large picture in tiles: held are the bytes of its pixels only, a quarter
 * of the tensor. Each part has the values of `preProcess`, to the bit.
 * @throws BlemishError as `preProcess`
 */
export function preProcessParts(image: RgbImage, steps: readonly PreprocessStep[]): TensorParts {
  checkOrder(steps);
  checkRgb(image);
  const table = valueTable(steps);
  const { data, width, height } = pixelsAsSeen(image, steps);
  let pixels = new Uint8Array(0);
  return {
    shape: [1, 3, height, width],
    part(x, y, w, h, out) {
      if (pixels.length !== 3 * w * h) pixels = new Uint8Array(3 * w * h);
      for (let row = 0, from = 3 * (y * width + x); row < h; row++, from += 3 * width)
        pixels.set(data.subarray(from, from + 3 * w), 3 * w * row);
      fastPixelKernels().planes(pixels, table, out);
    },
  };
}

/**
 * The picture as the network sees it: all steps on pixels, none on values.
 *
 * @returns a picture with its own data; the same object when nothing changes it
 * @throws BlemishError IMAGE_TOO_SMALL, METADATA_TRANSFORM, IMAGE_PIXELS
 */
export function pixelsAsSeen(image: RgbImage, steps: readonly PreprocessStep[]): RgbImage {
  return steps.reduce<RgbImage>((picture, step) => applyPixelStep(picture, step, picture !== image), image);
}

/** The size in pixels that {@link preProcess} gives for a picture of this size. */
export function preProcessedSize(
  steps: readonly PreprocessStep[],
  width: number,
  height: number,
): { width: number; height: number } {
  let size = { width, height };
  for (const step of steps) if ("width" in step) size = { width: step.width, height: step.height };
  return size;
}

/** @param own whether the picture's data is nobody else's, so that it may be painted on. */
function applyPixelStep(image: RgbImage, step: PreprocessStep, own: boolean): RgbImage {
  switch (step.type) {
    case "resize":
      return RESIZERS[step.interpolation](image, step.width, step.height);
    case "centerCrop":
      return centerCrop(image, step.width, step.height);
    case "crop":
      return cropAt(image, step);
    case "pad":
      return padPicture(image, step);
    case "paint":
      return paintRuns(image, step, own);
    default:
      return image;
  }
}

function checkOrder(steps: readonly PreprocessStep[]): void {
  const value = steps.findIndex(isValueStep);
  const after = value < 0 ? undefined : steps[value + 1];
  if (after === undefined) return;
  throw new BlemishError("METADATA_TRANSFORM", {
    subject: "The pre-processing",
    expected: "steps on pixels first, then at most one of normalize and toFloat",
    found: `${after.type} after ${steps[value]?.type}`,
  });
}

function isValueStep(step: PreprocessStep): step is ValueStep {
  return step.type === "normalize" || step.type === "toFloat";
}

function checkRgb(image: RgbImage): void {
  const { width, height, channels, data } = image;
  if (channels === 3 && data.length === 3 * width * height && data.length > 0) return;
  throw new BlemishError("IMAGE_PIXELS", {
    subject: "The picture to pre-process",
    expected: `${width} × ${height} × 3 samples`,
    found: `${data.length} of ${channels} channels`,
  });
}

/** `[3, 256]`: for each channel the float that stands for each sample. */
function valueTable(steps: readonly PreprocessStep[]): Float32Array {
  const step = steps.find(isValueStep);
  if (step?.type === "normalize") return normalizeTable(step);
  const divisor = step === undefined ? 1 : Math.fround(positive(step.maxValue, "maxValue of toFloat"));
  return Float32Array.from({ length: 3 * 256 }, (_, index) => (index % 256) / divisor);
}

/** Every step in float32, in the order of albumentations: (x − mean · max) · (1 / (std · max)). */
function normalizeTable({
  mean,
  std,
  maxPixelValue,
}: Extract<PreprocessStep, { type: "normalize" }>): Float32Array {
  const max = Math.fround(positive(maxPixelValue, "maxPixelValue of normalize"));
  if (mean.length !== 3 || std.length !== 3 || !mean.every(Number.isFinite)) {
    throw new BlemishError("METADATA_TRANSFORM", {
      subject: "The pre-processing",
      expected: "three finite means and three standard deviations in normalize",
      found: `mean [${mean}], std [${std}]`,
    });
  }
  const table = new Float32Array(3 * 256);
  for (let channel = 0; channel < 3; channel++) {
    const middle = Math.fround(Math.fround(mean[channel]) * max);
    const spread = Math.fround(Math.fround(positive(std[channel], "std of normalize")) * max);
    const factor = Math.fround(1 / spread);
    for (let sample = 0; sample < 256; sample++)
      table[channel * 256 + sample] = Math.fround(sample - middle) * factor;
  }
  return table;
}

function positive(value: number, name: string): number {
  if (value > 0 && Number.isFinite(value)) return value;
  throw new BlemishError("METADATA_TRANSFORM", {
    subject: "The pre-processing",
    expected: `a ${name} above 0`,
    found: `${value}`,
  });
}
