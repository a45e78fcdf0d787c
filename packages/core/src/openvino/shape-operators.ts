/** Operators of OpenVINO that move numbers and compute sizes. */
import { ONNX_TYPE } from "../onnx/data-types.js";
import {
  constantInts,
  dimsOf,
  isTrue,
  listAttribute,
  numberAttribute,
  type Operator,
  type Translation,
} from "./translation.js";

/** Ends of a slice that goes on to the border. */
const TO_THE_END = 2 ** 31 - 1;

function reshape(one: Translation): void {
  const allowzero = isTrue(one, "special_zero") ? 0 : 1;
  one.add("Reshape", one.inputs, allowzero === 1 ? { allowzero } : {});
}

function transpose(one: Translation): void {
  const perm = constantInts(one, 1);
  const rank = dimsOf(one, 0).length;
  // No order stands for the reversed one.
  const axes = perm.length > 0 ? perm : Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  one.add("Transpose", [one.inputs[0]!], { perm: axes });
}

/** Squeeze and Unsqueeze: axes are a list in ONNX, a number or a list here. */
function axesInput(opType: string): Operator {
  return (one) => {
    const axes = one.inputs.length > 1 ? [one.ints(constantInts(one, 1))] : [];
    one.add(opType, [one.inputs[0]!, ...axes]);
  };
}

function shapeOf(one: Translation): void {
  if (one.layer.attributes.output_type !== "i32") {
    one.add("Shape", one.inputs);
    return;
  }
  one.add("Cast", [one.add("Shape", one.inputs, {}, [one.fresh()])], { to: ONNX_TYPE.int32 });
}

function gather(one: Translation): void {
  if (numberAttribute(one, "batch_dims", 0) !== 0) throw one.unsupported("batch_dims");
  const [axis = 0] = constantInts(one, 2);
  one.add("Gather", one.inputs.slice(0, 2), { axis });
}

function gatherNd(one: Translation): void {
  one.add("GatherND", one.inputs, { batch_dims: numberAttribute(one, "batch_dims", 0) });
}

/** start, stop, step, axes → ONNX's start, end, axes, steps. */
function slice(one: Translation): void {
  const [data, start, stop, step, axes] = one.inputs;
  const along = axes ?? one.ints(dimsOf(one, 1).length === 0 ? [0] : rangeTo(dimsOf(one, 1)[0] ?? 0));
  one.add("Slice", [data!, start!, stop!, along, step!]);
}

function rangeTo(length: number): number[] {
  return Array.from({ length: Math.max(length, 0) }, (_, axis) => axis);
}

/** One of a mask means: as if nothing were said. Masks that change the number of axes are not known. */
function stridedSlice(one: Translation): void {
  for (const mask of ["new_axis_mask", "shrink_axis_mask", "ellipsis_mask"])
    if (listAttribute(one, mask).some((bit) => bit !== 0)) throw one.unsupported(mask);
  const [begins, ends] = [listAttribute(one, "begin_mask"), listAttribute(one, "end_mask")];
  const count = dimsOf(one, 1)[0] ?? 0;
  const steps = one.inputs.length > 3 ? constantInts(one, 3) : rangeTo(count).map(() => 1);
  const bounded = (input: number, mask: readonly number[], forward: number, backward: number) =>
    mask.some((bit) => bit !== 0)
      ? one.ints(
          constantInts(one, input).map((value, i) =>
            mask[i] === 1 ? ((steps[i] ?? 1) > 0 ? forward : backward) : value,
          ),
        )
      : one.inputs[input]!;
  const start = bounded(1, begins, 0, TO_THE_END);
  const end = bounded(2, ends, TO_THE_END, -TO_THE_END);
  one.add("Slice", [one.inputs[0]!, start, end, one.ints(rangeTo(count)), one.ints(steps)]);
}

function split(one: Translation): void {
  const [axis = 0] = constantInts(one, 1);
  one.add("Split", [one.inputs[0]!], { axis, num_outputs: numberAttribute(one, "num_splits") }, one.outputs);
}

function variadicSplit(one: Translation): void {
  const [axis = 0] = constantInts(one, 1);
  one.add("Split", [one.inputs[0]!, one.ints(constantInts(one, 2))], { axis }, one.outputs);
}

/** Those that move numbers and compute sizes, by the layer's type. */
export const shapeOperators: Readonly<Record<string, Operator>> = {
  Reshape: reshape,
  Transpose: transpose,
  Squeeze: axesInput("Squeeze"),
  Unsqueeze: axesInput("Unsqueeze"),
  Concat: (one) => void one.add("Concat", one.inputs, { axis: numberAttribute(one, "axis") }),
  ShapeOf: shapeOf,
  Gather: gather,
  GatherND: gatherNd,
  Slice: slice,
  StridedSlice: stridedSlice,
  Split: split,
  VariadicSplit: variadicSplit,
  Broadcast: (one) => void one.add("Expand", one.inputs.slice(0, 2)),
  Tile: (one) => void one.add("Tile", one.inputs),
};
