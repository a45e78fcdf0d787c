/** The `metadata.json` that Anomalib 0.7 reads beside an exported network. Source: Anomalib 0.7 `get_model_metadata`. */

import type { ModelManifest, PassManifest } from "../../bundle/manifest.js";
import { BlemishError } from "../../errors.js";
import { preProcessedSize } from "../../stages/preprocess/pre-process.js";
import type { PreprocessStep } from "../../stages/preprocess/steps.js";
import type { ExportOptions } from "./export-forms.js";
import type { ExportScale } from "./export-scale.js";

type Step<Type extends PreprocessStep["type"]> = Extract<PreprocessStep, { type: Type }>;
type Size = PassManifest["size"];

/** OpenCV's numbers, as albumentations writes them; it has none for antialiased bilinear, which area is nearest to. */
const INTERPOLATION = { nearest: 0, linear: 1, area: 3, antialias: 3 } as const;

/**
 * The text, indented.
 * @throws BlemishError EXPORT for what albumentations has no transform for.
 */
export function anomalibMetadata(
  manifest: ModelManifest,
  { image, pixel }: ExportScale,
  { preprocessing }: Pick<Required<ExportOptions>, "preprocessing">,
): string {
  const { task } = manifest;
  const steps = preprocessing === "inside" ? [samplesAsTheyAre] : transformsOf(manifest);
  const transforms = [...steps, toTensor];
  const transform = {
    __class_fullname__: "Compose",
    p: 1.0,
    transforms,
    bbox_params: null,
    keypoint_params: null,
    additional_targets: {},
    is_check_shapes: true,
  };
  return `${JSON.stringify(
    {
      task,
      transform: { __version__: "1.3.1", transform },
      ...(image !== null && { image_threshold: image.threshold }),
      ...(pixel !== null && { pixel_threshold: pixel.threshold }),
      ...(image !== null && { min: image.range.min, max: image.range.max }),
    },
    null,
    4,
  )}\n`;
}

const always = { always_apply: true, p: 1 };
const samplesAsTheyAre = { __class_fullname__: "ToFloat", max_value: 1, ...always };
const toTensor = { __class_fullname__: "ToTensorV2", always_apply: true, p: 1.0, transpose_mask: false };

/** Painting is no transform of albumentations: the graph paints. */
function transformsOf({ passes, picture }: ModelManifest): object[] {
  const [{ preprocessing }] = passes as [PassManifest];
  return preprocessing.flatMap((step, i) => {
    if (step.type === "paint") return [];
    const { width, height } = picture ?? { width: 0, height: 0 };
    return [{ ...transformOf(step, preProcessedSize(preprocessing.slice(0, i), width, height)), ...always }];
  });
}

/** @param before size of the picture that it gets. */
function transformOf(step: Exclude<PreprocessStep, { type: "paint" }>, before: Size): object {
  switch (step.type) {
    case "resize": {
      const { height, width } = step;
      return {
        __class_fullname__: "Resize",
        height,
        width,
        interpolation: INTERPOLATION[step.interpolation],
      };
    }
    case "centerCrop":
      return { __class_fullname__: "CenterCrop", height: step.height, width: step.width };
    case "crop": {
      const { x, y, width, height } = step;
      return { __class_fullname__: "Crop", x_min: x, y_min: y, x_max: x + width, y_max: y + height };
    }
    case "pad":
      return padOf(step, before);
    case "normalize": {
      const { mean, std, maxPixelValue } = step;
      return { __class_fullname__: "Normalize", mean, std, max_pixel_value: maxPixelValue };
    }
    case "toFloat":
      return { __class_fullname__: "ToFloat", max_value: step.maxValue };
  }
}

/** OpenCV's BORDER_CONSTANT. */
const ONE_COLOUR = 0;

/** albumentations pads on both sides, the smaller half at the top and left. */
function padOf({ left, top, width, height, colour }: Step<"pad">, before: Size): object {
  const centred =
    left === Math.floor((width - before.width) / 2) && top === Math.floor((height - before.height) / 2);
  if (!centred)
    throw new BlemishError("EXPORT", {
      subject: "The preprocessing",
      expected: "padding on both sides alike, for the form anomalib-0.7",
      found: `${left} pixels on the left and ${top} above of ${width} × ${height}`,
    });
  return {
    __class_fullname__: "PadIfNeeded",
    min_height: height,
    min_width: width,
    pad_height_divisor: null,
    pad_width_divisor: null,
    border_mode: ONE_COLOUR,
    value: colour,
    mask_value: null,
  };
}
