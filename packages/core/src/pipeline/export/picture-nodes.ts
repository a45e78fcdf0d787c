/** A picture of any size → the tensor that a backbone sees, as ONNX nodes: what `stages/preprocess` does, in float32. */
import { BlemishError } from "../../errors.js";
import type { PreprocessStep } from "../../stages/preprocess/steps.js";
import { type GraphBuilder, sizesEndingIn } from "./graph-builder.js";

/**
 * Resizing and normalising inside of the graph. Resized samples are rounded to whole numbers after each direction,
 * as ours are; what is left is rounding of ties and of coefficients: one step in a few samples.
 * @param picture float32 `[batch, 3, H, W]`, 0–255.
 * @throws BlemishError EXPORT for steps that ONNX has no operator for.
 */
export function pictureNodes(
  builder: GraphBuilder,
  picture: string,
  steps: readonly PreprocessStep[],
): string {
  return steps.reduce((value, step) => {
    if (step.type === "resize") return resized(builder, value, step);
    if (step.type === "normalize") return normalised(builder, value, step);
    if (step.type === "toFloat") return builder.add("Div", [value, builder.floats([], [step.maxValue])]);
    throw new BlemishError("EXPORT", {
      subject: "The preprocessing",
      expected: "resize, normalize and toFloat, where it is to be inside of the graph",
      found: step.type,
    });
  }, picture);
}

function resized(
  builder: GraphBuilder,
  value: string,
  { width, height, interpolation }: Extract<PreprocessStep, { type: "resize" }>,
): string {
  if (interpolation === "area")
    throw new BlemishError("EXPORT", {
      subject: "The preprocessing",
      expected: "an interpolation that ONNX has, where it is to be inside of the graph",
      found: "area",
    });
  // Pillow goes along the rows first, rounds, then along the columns.
  const wide = interpolation === "antialias" ? oneWay(builder, value, null, width, interpolation) : value;
  return oneWay(builder, wide, height, width, interpolation);
}

/** @param height null = as it is. */
function oneWay(
  builder: GraphBuilder,
  value: string,
  height: number | null,
  width: number,
  interpolation: "nearest" | "linear" | "antialias",
): string {
  const sizes = sizesEndingIn(builder, value, height === null ? [width] : [height, width]);
  const attributes = {
    mode: interpolation === "nearest" ? "nearest" : "linear",
    coordinate_transformation_mode: interpolation === "nearest" ? "asymmetric" : "half_pixel",
    nearest_mode: "floor",
    ...(interpolation === "antialias" && { antialias: 1, exclude_outside: 1 }),
  };
  const result = builder.add("Resize", [value, "", "", sizes], attributes);
  // Halves are rounded up; ONNX's Round goes to the even.
  return builder.add("Floor", [builder.add("Add", [result, builder.floats([], [0.5])])]);
}

/** x · 1/(std · max) − mean/std, each constant rounded once. */
function normalised(
  builder: GraphBuilder,
  value: string,
  { mean, std, maxPixelValue }: Extract<PreprocessStep, { type: "normalize" }>,
): string {
  const middle = mean.map((one) => Math.fround(Math.fround(one) * maxPixelValue));
  const factor = std.map((one) => Math.fround(1 / Math.fround(Math.fround(one) * maxPixelValue)));
  const centred = builder.add("Sub", [value, builder.floats([1, 3, 1, 1], middle)]);
  return builder.add("Mul", [centred, builder.floats([1, 3, 1, 1], factor)]);
}
