/** The picture transforms a model can ask for, as plain data: what `metadata.json` says, parsed, or what a recipe chose. */
import type { Runs } from "../region/shapes.js";

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
  /** Cuts out a rectangle, pixels of the picture as it is there. */
  | {
      readonly type: "crop";
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    }
  /** Puts the picture on a larger one of one colour, `left` and `top` pixels from its corner. `width`, `height`: the result's. */
  | {
      readonly type: "pad";
      readonly left: number;
      readonly top: number;
      readonly width: number;
      readonly height: number;
      /** R, G, B, 0–255. */
      readonly colour: readonly number[];
    }
  /** Gives the pixels of these runs one colour: what is not judged. */
  | { readonly type: "paint"; readonly runs: Runs; readonly colour: readonly number[] }
  /** out = (x − mean · maxPixelValue) / (std · maxPixelValue), per channel. */
  | {
      readonly type: "normalize";
      readonly mean: readonly number[];
      readonly std: readonly number[];
      readonly maxPixelValue: number;
    }
  /** out = x / maxValue. */
  | { readonly type: "toFloat"; readonly maxValue: number };
