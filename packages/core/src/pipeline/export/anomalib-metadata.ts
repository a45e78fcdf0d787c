/** The `metadata.json` that Anomalib 0.7 reads beside an exported network. Source: Anomalib 0.7 `get_model_metadata`. */

import type { ModelManifest } from "../../bundle/manifest.js";
import type { PreprocessStep } from "../../stages/preprocess/steps.js";
import type { ExportScale } from "./export-scale.js";

/** OpenCV's numbers, as albumentations writes them; it has none for antialiased bilinear, which area is nearest to. */
const INTERPOLATION = { nearest: 0, linear: 1, area: 3, antialias: 3 } as const;

/** The text, indented. */
export function anomalibMetadata({ task, passes }: ModelManifest, { image, pixel }: ExportScale): string {
  const steps = passes[0]?.preprocessing ?? [];
  const transforms = [...steps.map(transformOf), toTensor];
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
const toTensor = { __class_fullname__: "ToTensorV2", always_apply: true, p: 1.0, transpose_mask: false };

function transformOf(step: PreprocessStep): object {
  switch (step.type) {
    case "resize": {
      const { height, width } = step;
      return {
        __class_fullname__: "Resize",
        ...always,
        height,
        width,
        interpolation: INTERPOLATION[step.interpolation],
      };
    }
    case "centerCrop":
      return { __class_fullname__: "CenterCrop", ...always, height: step.height, width: step.width };
    case "normalize": {
      const { mean, std, maxPixelValue } = step;
      return { __class_fullname__: "Normalize", ...always, mean, std, max_pixel_value: maxPixelValue };
    }
    default:
      return {
        __class_fullname__: "ToFloat",
        ...always,
        max_value: "maxValue" in step ? step.maxValue : 255,
      };
  }
}
