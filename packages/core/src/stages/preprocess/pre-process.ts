/**
 * A picture becomes the tensor that a network was trained on: resize, crop, then one table look-up for each
 * sample. Resampling is stages/image; which steps a model asks for is read elsewhere (anomalib/).
 */
import { BlemishError } from "../../errors.js";
import { fastPixelKernels } from "../../kernels/fast-pixel-kernels.js";
import type { Tensor } from "../../tensor.js";
import { centerCrop } from "../image/center-crop.js";
import type { RgbImage } from "../image/image.js";
import { resizeAntialias } from "../image/resize-antialias.js";
import { resizeArea } from "../image/resize-area.js";
import { resizeLinear } from "../image/resize-linear.js";
import { resizeNearest } from "../image/resize-nearest.js";
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
 * pixels (resize, centerCrop) come first, in any number; at most one step on values (normalize, toFloat) ends
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
  const picture = steps.reduce(applyPixelStep, image);
  const data = out ?? new Float32Array(3 * area);
  fastPixelKernels().planes(picture.data, table, data);
  return { data, shape: [1, 3, size.height, size.width] };
}

/** The size in pixels that {@link preProcess} gives for a picture of this size. */
export function preProcessedSize(
  steps: readonly PreprocessStep[],
  width: number,
  height: number,
): { width: number; height: number } {
  const last = steps.filter((step) => step.type === "resize" || step.type === "centerCrop").at(-1);
  return last === undefined ? { width, height } : { width: last.width, height: last.height };
}

function applyPixelStep(image: RgbImage, step: PreprocessStep): RgbImage {
  if (step.type === "resize") return RESIZERS[step.interpolation](image, step.width, step.height);
  if (step.type === "centerCrop") return centerCrop(image, step.width, step.height);
  return image;
}

function checkOrder(steps: readonly PreprocessStep[]): void {
  const value = steps.findIndex(isValueStep);
  const after = value < 0 ? undefined : steps[value + 1];
  if (after === undefined) return;
  throw new BlemishError("METADATA_TRANSFORM", {
    subject: "The pre-processing",
    expected: "resize and centerCrop first, then at most one of normalize and toFloat",
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
