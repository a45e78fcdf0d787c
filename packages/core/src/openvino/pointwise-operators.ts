/** Operators of OpenVINO that look at one place at a time, and matrix products and sums over axes. */
import { ONNX_TYPE } from "../onnx/data-types.js";
import { tensorValues } from "../onnx/tensor-values.js";
import { onnxTypeOf } from "./ir-constants.js";
import {
  constantInts,
  dimsOf,
  isTrue,
  numberAttribute,
  type Operator,
  type Translation,
  wordAttribute,
} from "./translation.js";

/** The same operator under another name. */
function same(opType: string): Operator {
  return (one) => void one.add(opType, one.inputs);
}

/** Two inputs that are broadcast to each other. */
function pair(opType: string): Operator {
  return (one) => {
    wordAttribute(one, "auto_broadcast", ["numpy", "none"], "numpy");
    one.add(opType, one.inputs);
  };
}

/** The largest float32: a Clamp without an upper end is written with it. */
const LARGEST = 3.4028234663852886e38;

function clamp(one: Translation): void {
  const [low, high] = [numberAttribute(one, "min"), numberAttribute(one, "max")];
  const bound = (value: number) => (Math.abs(value) >= LARGEST ? "" : one.floats([], [value]));
  const bounds = high >= LARGEST ? [bound(low)] : [bound(low), bound(high)];
  one.add("Clip", [one.inputs[0]!, ...bounds]);
}

/**
 * Converters write a subtraction of a constant as an addition of its negative. It is turned back, which changes no bit, because
 * recognisers look for the subtraction; the layer keeps the name that it had.
 */
const SUBTRACTION = /(?:^|[/_])sub(?:_\d+)?$/i;

function add(one: Translation): void {
  const constant = one.constant(1);
  if (!SUBTRACTION.test(one.layer.name) || constant?.dataType !== ONNX_TYPE.float32) {
    pair("Add")(one);
    return;
  }
  const negative = Float32Array.from(tensorValues(constant) as Float32Array, (value) => -value);
  const bytes = new Uint8Array(negative.buffer);
  const { dims, dataType } = constant;
  one.add("Sub", [one.inputs[0]!, one.put({ dims, dataType, payload: { kind: "raw", bytes } })]);
}

function matMul(one: Translation): void {
  const turned = (input: number, flag: string) => {
    const name = one.inputs[input]!;
    if (!isTrue(one, flag)) return name;
    const rank = dimsOf(one, input).length;
    if (rank < 2) return name;
    const perm = Array.from({ length: rank }, (_, axis) => axis);
    [perm[rank - 2], perm[rank - 1]] = [rank - 1, rank - 2];
    return one.add("Transpose", [name], { perm }, [one.fresh()]);
  };
  one.add("MatMul", [turned(0, "transpose_a"), turned(1, "transpose_b")]);
}

function reduce(opType: string): Operator {
  return (one) => {
    const keepdims = isTrue(one, "keep_dims") ? 1 : 0;
    one.add(opType, [one.inputs[0]!, one.ints(constantInts(one, 1))], { keepdims });
  };
}

function convert(one: Translation): void {
  const type = one.layer.attributes.destination_type ?? "";
  const to = onnxTypeOf(type);
  if (to === null) throw one.unsupported(`destination_type ${type}`);
  one.add("Cast", one.inputs, { to });
}

function topK(one: Translation): void {
  const axis = numberAttribute(one, "axis");
  const largest = wordAttribute(one, "mode", ["max", "min"], "max") === "max" ? 1 : 0;
  const sorted = wordAttribute(one, "sort", ["value", "none", "index"], "value");
  if (sorted === "index") throw one.unsupported("sort = index");
  const [values, indices] = one.outputs as [string, string];
  const short = one.layer.attributes.index_element_type === "i32";
  const found = short ? one.fresh() : indices;
  const [k] = constantInts(one, 1);
  one.add("TopK", [one.inputs[0]!, one.ints([k ?? 0])], { axis, largest, sorted: 1 }, [values, found]);
  if (short) one.add("Cast", [found], { to: ONNX_TYPE.int32 }, [indices]);
}

/** Those that look at one place, multiply matrices or reduce axes, by the layer's type. */
export const pointwiseOperators: Readonly<Record<string, Operator>> = {
  Add: add,
  Subtract: pair("Sub"),
  Multiply: pair("Mul"),
  Divide: pair("Div"),
  Maximum: pair("Max"),
  Minimum: pair("Min"),
  Power: pair("Pow"),
  Greater: pair("Greater"),
  GreaterEqual: pair("GreaterOrEqual"),
  Less: pair("Less"),
  LessEqual: pair("LessOrEqual"),
  Equal: pair("Equal"),
  LogicalAnd: pair("And"),
  LogicalOr: pair("Or"),
  LogicalNot: same("Not"),
  Select: pair("Where"),
  ReLU: same("Relu"),
  Relu: same("Relu"),
  Sigmoid: same("Sigmoid"),
  Tanh: same("Tanh"),
  Exp: same("Exp"),
  Log: same("Log"),
  Sqrt: same("Sqrt"),
  Abs: same("Abs"),
  Negative: same("Neg"),
  Floor: same("Floor"),
  Ceiling: same("Ceil"),
  Erf: same("Erf"),
  HSwish: same("HardSwish"),
  Clamp: clamp,
  Convert: convert,
  MatMul: matMul,
  SoftMax: softmax,
  Softmax: softmax,
  ReduceSum: reduce("ReduceSum"),
  ReduceMean: reduce("ReduceMean"),
  ReduceMax: reduce("ReduceMax"),
  ReduceMin: reduce("ReduceMin"),
  ReduceProd: reduce("ReduceProd"),
  TopK: topK,
};

function softmax(one: Translation): void {
  one.add("Softmax", one.inputs, { axis: numberAttribute(one, "axis", 1) });
}
