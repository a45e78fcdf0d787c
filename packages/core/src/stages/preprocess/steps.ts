/** The picture transforms a model can ask for, as plain data: what `metadata.json` says, parsed. */

/** Interpolations that are reproduced to the bit. `antialias` is Pillow's bilinear; the others are OpenCV's. */
export type Interpolation = "nearest" | "linear" | "area" | "antialias";

/** One transform, in the order in which it is applied to an {@link RgbImage}. Sizes in pixels. */
export type PreprocessStep =
  | {
      readonly type: "resize";
      readonly height: number;
      readonly width: number;
      readonly interpolation: Interpolation;
    }
  | { readonly type: "centerCrop"; readonly height: number; readonly width: number }
  /** out = (x − mean · maxPixelValue) / (std · maxPixelValue), per channel. */
  | {
      readonly type: "normalize";
      readonly mean: readonly number[];
      readonly std: readonly number[];
      readonly maxPixelValue: number;
    }
  /** out = x / maxValue. */
  | { readonly type: "toFloat"; readonly maxValue: number };
