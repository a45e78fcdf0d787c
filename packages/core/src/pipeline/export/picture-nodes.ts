/** A picture of any size → the tensor that a backbone sees, as ONNX nodes: what `stages/preprocess` does, in float32. */
import type { PassManifest } from "../../bundle/manifest.js";
import { BlemishError } from "../../errors.js";
import type { PreprocessStep } from "../../stages/preprocess/steps.js";
import { maskOfRuns } from "../../stages/region/runs.js";
import type { Runs } from "../../stages/region/shapes.js";
import type { GraphBuilder } from "./graph-builder.js";
import { antialiasNodes, linearNodes, nearestNodes } from "./resize-nodes.js";

type Step<Type extends PreprocessStep["type"]> = Extract<PreprocessStep, { type: Type }>;
type Size = PassManifest["size"];

/**
 * Every step inside of the graph, samples in whole numbers as ours until they are normalised.
 * @param picture float32 `[batch, 3, H, W]`, 0–255.
 * @throws BlemishError EXPORT for OpenCV's INTER_AREA.
 */
export function pictureNodes(
  builder: GraphBuilder,
  picture: string,
  { preprocessing, size }: Pick<PassManifest, "preprocessing" | "size">,
): string {
  return preprocessing.reduce((value, step) => stepNodes(builder, value, step, size), picture);
}

/** @param size of the network's input, which pixels are painted at. */
function stepNodes(builder: GraphBuilder, value: string, step: PreprocessStep, size: Size): string {
  switch (step.type) {
    case "resize":
      return resized(builder, value, step);
    case "centerCrop":
      return centreOf(builder, value, step);
    case "crop":
      return cut(builder, value, builder.ints([step.y, step.x]), step);
    case "pad":
      return padded(builder, value, step);
    case "paint":
      return paintedNodes(builder, value, step.runs, size, step.colour);
    case "normalize":
      return normalised(builder, value, step);
    case "toFloat":
      return builder.add("Div", [value, builder.floats([], [step.maxValue])]);
  }
}

function resized(
  builder: GraphBuilder,
  value: string,
  { width, height, interpolation }: Step<"resize">,
): string {
  switch (interpolation) {
    case "nearest":
      return nearestNodes(builder, value, width, height);
    case "linear":
      return linearNodes(builder, value, width, height);
    case "antialias":
      return antialiasNodes(builder, value, width, height);
    case "area":
      throw new BlemishError("EXPORT", {
        subject: "The preprocessing",
        expected: "an interpolation that can be inside of the graph: nearest, linear or antialias",
        found: interpolation,
      });
  }
}

/** Of an odd margin the smaller half is cut at the top and left. */
function centreOf(builder: GraphBuilder, value: string, size: Step<"centerCrop">): string {
  const sides = builder.add("Gather", [builder.add("Shape", [value]), builder.ints([2, 3])], { axis: 0 });
  const margins = builder.add("Sub", [sides, builder.ints([size.height, size.width])]);
  return cut(builder, value, builder.add("Div", [margins, builder.ints([2])]), size);
}

/** @param start int64 `[2]`: row and column of the first pixel. */
function cut(builder: GraphBuilder, value: string, start: string, { width, height }: Size): string {
  const end = builder.add("Add", [start, builder.ints([height, width])]);
  return builder.add("Slice", [value, start, end, builder.ints([2, 3])]);
}

/** The rest of the picture is filled with zeros, so the colour is taken off before and put back. */
function padded(
  builder: GraphBuilder,
  value: string,
  { left, top, width, height, colour }: Step<"pad">,
): string {
  const shade = builder.floats([1, 3, 1, 1], colour);
  const sides = builder.add("Gather", [builder.add("Shape", [value]), builder.ints([2, 3])], { axis: 0 });
  const rest = builder.add("Sub", [builder.ints([height - top, width - left]), sides]);
  const pads = builder.add("Concat", [builder.ints([0, 0, top, left, 0, 0]), rest], { axis: 0 });
  return builder.add("Add", [builder.add("Pad", [builder.add("Sub", [value, shade]), pads]), shade]);
}

/**
 * Pixels of the runs in one colour.
 * @param size of the value, pixels.
 * @param shade of the three channels, in units of the value.
 */
export function paintedNodes(
  builder: GraphBuilder,
  value: string,
  runs: Runs,
  { width, height }: Size,
  shade: readonly number[],
): string {
  const painted = builder.bools([1, 1, height, width], maskOfRuns(runs, width, height).data);
  return builder.add("Where", [painted, builder.floats([1, 3, 1, 1], shade), value]);
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
