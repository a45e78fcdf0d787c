/** Operators of OpenVINO that look at a neighbourhood: convolutions, pools, borders, enlargement. */
import {
  constantInts,
  dimsOf,
  isTrue,
  listAttribute,
  numberAttribute,
  type Operator,
  type Translation,
  wordAttribute,
} from "./translation.js";

/** Strides, borders and spacing, in ONNX's words. */
function windows(one: Translation): Record<string, readonly number[] | string> {
  const auto = wordAttribute(
    one,
    "auto_pad",
    ["explicit", "notset", "same_upper", "same_lower", "valid"],
    "explicit",
  );
  const border =
    auto === "explicit" || auto === "notset"
      ? { pads: [...listAttribute(one, "pads_begin"), ...listAttribute(one, "pads_end")] }
      : { auto_pad: auto.toUpperCase() };
  const spaced = listAttribute(one, "dilations");
  return {
    strides: listAttribute(one, "strides"),
    ...border,
    ...(spaced.some((step) => step !== 1) && { dilations: spaced }),
  };
}

function convolution(one: Translation): void {
  one.add("Conv", one.inputs, { kernel_shape: dimsOf(one, 1).slice(2), ...windows(one) });
}

/** Weights `[groups, out / groups, in / groups, ...]` → `[out, in / groups, ...]`. */
function groupConvolution(one: Translation): void {
  const [group = 1, outputs = 1, inputs = 1, ...kernel] = dimsOf(one, 1);
  const flat = one.add("Reshape", [one.inputs[1]!, one.ints([group * outputs, inputs, ...kernel])], {}, [
    one.fresh(),
  ]);
  one.add("Conv", [one.inputs[0]!, flat], { kernel_shape: kernel, ...windows(one), group });
}

function pool(opType: "MaxPool" | "AveragePool"): Operator {
  return (one) => {
    const rounding = wordAttribute(one, "rounding_type", ["floor", "ceil"], "floor");
    const counted = { count_include_pad: isTrue(one, "exclude-pad") ? 0 : 1 };
    one.add(
      opType,
      one.inputs,
      {
        kernel_shape: listAttribute(one, "kernel"),
        ...windows(one),
        ...(rounding === "ceil" && { ceil_mode: 1 }),
        ...(opType === "AveragePool" && counted),
      },
      one.outputs.slice(0, 1),
    );
  };
}

function pad(one: Translation): void {
  const mode = wordAttribute(one, "pad_mode", ["constant", "reflect", "edge"], "constant");
  const pads = one.ints([...constantInts(one, 1), ...constantInts(one, 2)]);
  const value = mode === "constant" ? one.inputs.slice(3, 4) : [];
  one.add("Pad", [one.inputs[0]!, pads, ...value], { mode });
}

const MODES = { nearest: "nearest", linear_onnx: "linear", linear: "linear", cubic: "cubic" } as const;
const COORDINATES = [
  "half_pixel",
  "pytorch_half_pixel",
  "asymmetric",
  "align_corners",
  "tf_half_pixel_for_nn",
] as const;
const NEAREST = ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil", "simple"] as const;

/** Version 4 (sizes, scales, axes) and 11 (sizes or scales, axes); both have sizes first where they are what counts. */
function interpolate(one: Translation): void {
  const mode = MODES[wordAttribute(one, "mode", ["nearest", "linear_onnx", "linear", "cubic"], "nearest")];
  const coordinates = wordAttribute(one, "coordinate_transformation_mode", COORDINATES, "half_pixel");
  const nearest = wordAttribute(one, "nearest_mode", NEAREST, "round_prefer_floor");
  const by = wordAttribute(one, "shape_calculation_mode", ["sizes", "scales"], "sizes");
  const borders = [...listAttribute(one, "pads_begin"), ...listAttribute(one, "pads_end")];
  if (isTrue(one, "antialias") || borders.some((side) => side !== 0) || nearest === "simple")
    throw one.unsupported("antialias, pads or nearest_mode simple");
  const old = one.layer.opset === "opset4";
  const axesInput = old ? 3 : 2;
  const sizes =
    by === "sizes"
      ? [one.inputs[0]!, "", "", one.inputs[1]!]
      : [one.inputs[0]!, "", one.inputs[old ? 2 : 1]!];
  const axes = one.inputs.length > axesInput ? constantInts(one, axesInput) : [];
  const all = axes.length === 0 || axes.length === dimsOf(one, 0).length;
  one.add("Resize", sizes, {
    mode,
    coordinate_transformation_mode: coordinates,
    nearest_mode: nearest,
    ...(mode === "cubic" && { cubic_coeff_a: numberAttribute(one, "cube_coeff", -0.75) }),
    ...(!all && { axes }),
  });
}

/** data, gamma, beta, mean, variance, in ONNX's order too. */
function batchNorm(one: Translation): void {
  one.add("BatchNormalization", one.inputs, { epsilon: numberAttribute(one, "epsilon") });
}

/** Those that look at a neighbourhood, by the layer's type. */
export const windowOperators: Readonly<Record<string, Operator>> = {
  Convolution: convolution,
  GroupConvolution: groupConvolution,
  MaxPool: pool("MaxPool"),
  AvgPool: pool("AveragePool"),
  Pad: pad,
  Interpolate: interpolate,
  BatchNormInference: batchNorm,
};
