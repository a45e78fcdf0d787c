/**
 * The shapes of a network's values for one size of its input, computed without running it. What an operator here is
 * not known to do leaves its results unknown; nothing is guessed.
 */
import { elementsOf } from "./data-types.js";
import type { GraphIndex } from "./graph-index.js";
import { intAttribute, intsAttribute, textAttribute } from "./graph-index.js";
import { computedValues, type KnownValue, knownConstant, type Lookup, reshapedDims } from "./known-values.js";
import type { OnnxNode } from "./onnx-model.js";

type Dims = readonly number[];

/** Operators whose result has the shape of their first input. */
const KEEPS_SHAPE = new Set([
  ...["Relu", "LeakyRelu", "PRelu", "Clip", "Sigmoid", "HardSigmoid", "HardSwish", "Elu", "Selu", "Gelu"],
  ...["Erf", "Tanh", "Softplus", "Mish", "BatchNormalization", "InstanceNormalization", "Identity"],
  ...["Dropout", "Cast", "Sqrt", "Exp", "Neg", "Abs", "Softmax", "QuantizeLinear", "DequantizeLinear"],
]);

/** Operators on values side by side, with ONNX's broadcasting. */
const BROADCASTS = new Set([
  ...["Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Greater", "Less", "Equal", "And", "Or", "Where"],
]);

const REDUCES = new Set(["ReduceSum", "ReduceMax", "ReduceMean", "ReduceMin"]);

/**
 * Looks up the shape of any value of the graph, and the numbers of those that are sizes.
 * @param inputs shape of every input that is fed.
 */
export function knownShapes(index: GraphIndex, inputs: ReadonlyMap<string, Dims>): Lookup {
  const known = new Map<string, KnownValue>();
  for (const [name, dims] of inputs) known.set(name, { dims, values: null });
  const lookup: Lookup = (name) => {
    if (name === "") return undefined;
    return known.get(name) ?? knownConstant(index, name);
  };
  for (const node of index.graph.nodes) {
    const [output] = node.outputs;
    if (output === undefined || index.constants.has(output) || !isStandard(node)) continue;
    const dims = dimsOf(node, lookup);
    const value = computedValues(node, lookup) ?? (dims && { dims, values: null });
    if (!value?.dims.every((side) => Number.isSafeInteger(side) && side >= 0)) continue;
    // Values and their places have one shape.
    for (const name of node.opType === "TopK" ? node.outputs : [output]) known.set(name, value);
  }
  return lookup;
}

/** Whether a node is an operator of the ONNX standard. */
export function isStandard({ domain }: OnnxNode): boolean {
  return domain === "" || domain === "ai.onnx";
}

function dimsOf(node: OnnxNode, lookup: Lookup): Dims | undefined {
  const { opType, inputs } = node;
  const first = lookup(inputs[0] ?? "")?.dims;
  if (first === undefined) return undefined;
  if (KEEPS_SHAPE.has(opType)) return first;
  if (BROADCASTS.has(opType)) return broadcast(inputs.map((input) => lookup(input)?.dims));
  if (REDUCES.has(opType)) return reduced(node, first, lookup);
  switch (opType) {
    case "Conv":
      return convolved(node, first, lookup(inputs[1] ?? "")?.dims);
    case "MaxPool":
    case "AveragePool":
      return slid(node, first, intsAttribute(node, "kernel_shape") ?? [], first[1] ?? 0);
    case "GlobalAveragePool":
      return first.map((side, axis) => (axis < 2 ? side : 1));
    case "Resize":
      return resized(first, lookup(inputs[3] ?? "")?.values);
    case "Pad":
      return padded(first, intsAttribute(node, "pads") ?? lookup(inputs[1] ?? "")?.values);
    case "Concat":
      return concatenated(
        node,
        inputs.map((input) => lookup(input)?.dims),
      );
    case "Gather":
      return gathered(node, first, lookup(inputs[1] ?? "")?.dims);
    case "Reshape":
      return reshapedDims(node, first, lookup);
    case "Transpose":
      return transposed(first, intsAttribute(node, "perm"));
    case "MatMul":
      return multiplied(first, lookup(inputs[1] ?? "")?.dims);
    case "ArgMin":
    case "ArgMax":
      return withoutAxis(node, first);
    case "Slice":
      return sliced(first, (at) => lookup(inputs[at] ?? "")?.values, intsAttribute(node, "axes"));
    case "TopK":
      return found(node, first, lookup(inputs[1] ?? "")?.values);
    case "GatherND":
      return gatheredRows(node, first, lookup(inputs[1] ?? "")?.dims);
    case "Squeeze":
      return squeezed(first, intsAttribute(node, "axes") ?? lookup(inputs[1] ?? "")?.values);
    case "Unsqueeze":
      return unsqueezed(first, intsAttribute(node, "axes") ?? lookup(inputs[1] ?? "")?.values);
    case "Flatten":
      return flattened(first, intAttribute(node, "axis") ?? 1);
    default:
      return undefined;
  }
}

function broadcast(shapes: readonly (Dims | undefined)[]): Dims | undefined {
  const rank = shapes.reduce((most, dims) => Math.max(most, dims?.length ?? 0), 0);
  const result: number[] = Array.from({ length: rank }, () => 1);
  for (const dims of shapes) {
    if (dims === undefined) return undefined;
    for (let axis = 0; axis < dims.length; axis++) {
      const at = rank - dims.length + axis;
      const [side, other] = [dims[axis] ?? 1, result[at] ?? 1];
      if (side !== other && side !== 1 && other !== 1) return undefined;
      result[at] = other === 1 ? side : other;
    }
  }
  return result;
}

function convolved(node: OnnxNode, dims: Dims, weight: Dims | undefined): Dims | undefined {
  if (weight?.length !== 4 || dims.length !== 4) return undefined;
  const group = intAttribute(node, "group") ?? 1;
  if ((weight[1] ?? 0) * group !== dims[1]) return undefined;
  return slid(node, dims, weight.slice(2), weight[0] ?? 0);
}

/** A window that slides over the two last axes. */
function slid(node: OnnxNode, dims: Dims, kernel: Dims, channels: number): Dims | undefined {
  const padding = textAttribute(node, "auto_pad") ?? "NOTSET";
  if (dims.length !== 4 || kernel.length !== 2 || padding !== "NOTSET") return undefined;
  const [strides, dilations] = ["strides", "dilations"].map((name) => intsAttribute(node, name) ?? [1, 1]);
  const pads = intsAttribute(node, "pads") ?? [0, 0, 0, 0];
  const round = intAttribute(node, "ceil_mode") === 1 ? Math.ceil : Math.floor;
  const sides = [0, 1].map((axis) => {
    const reach = ((kernel[axis] ?? 1) - 1) * (dilations?.[axis] ?? 1) + 1;
    const room = (dims[axis + 2] ?? 0) + (pads[axis] ?? 0) + (pads[axis + 2] ?? 0) - reach;
    return round(room / (strides?.[axis] ?? 1)) + 1;
  });
  return [dims[0] ?? 0, channels, ...sides];
}

function resized(dims: Dims, sizes: readonly number[] | null | undefined): Dims | undefined {
  return sizes?.length === dims.length ? sizes : undefined;
}

function padded(dims: Dims, pads: readonly number[] | null | undefined): Dims | undefined {
  if (pads?.length !== 2 * dims.length) return undefined;
  return dims.map((side, axis) => side + (pads[axis] ?? 0) + (pads[axis + dims.length] ?? 0));
}

function concatenated(node: OnnxNode, shapes: readonly (Dims | undefined)[]): Dims | undefined {
  const [first] = shapes;
  const written = intAttribute(node, "axis") ?? 0;
  const axis = written < 0 ? written + (first?.length ?? 0) : written;
  if (first === undefined || axis < 0 || axis >= first.length) return undefined;
  const fits = shapes.every(
    (dims) => dims?.length === first.length && dims.every((side, at) => at === axis || side === first[at]),
  );
  if (!fits) return undefined;
  const total = shapes.reduce((sum, dims) => sum + (dims?.[axis] ?? 0), 0);
  return first.map((side, at) => (at === axis ? total : side));
}

function gathered(node: OnnxNode, dims: Dims, indices: Dims | undefined): Dims | undefined {
  const axis = intAttribute(node, "axis") ?? 0;
  if (indices === undefined || axis < 0 || axis >= dims.length) return undefined;
  return [...dims.slice(0, axis), ...indices, ...dims.slice(axis + 1)];
}

function transposed(dims: Dims, perm: readonly number[] | null): Dims | undefined {
  const order = perm ?? dims.map((_, axis) => dims.length - 1 - axis);
  const whole = order.length === dims.length && new Set(order).size === order.length;
  return whole && order.every((axis) => axis in dims) ? order.map((axis) => dims[axis] ?? 0) : undefined;
}

function multiplied(a: Dims, b: Dims | undefined): Dims | undefined {
  if (b === undefined || a.length < 2 || b.length < 2 || a.at(-1) !== b.at(-2)) return undefined;
  const batch = broadcast([a.slice(0, -2), b.slice(0, -2)]);
  return batch && [...batch, a.at(-2) ?? 0, b.at(-1) ?? 0];
}

/** Parts of the data that lists of indices along its first axes point to. */
function gatheredRows(node: OnnxNode, dims: Dims, indices: Dims | undefined): Dims | undefined {
  const depth = indices?.at(-1);
  if (indices === undefined || depth === undefined || depth > dims.length) return undefined;
  if ((intAttribute(node, "batch_dims") ?? 0) !== 0) return undefined;
  return [...indices.slice(0, -1), ...dims.slice(depth)];
}

function squeezed(dims: Dims, axes: Dims | null | undefined): Dims | undefined {
  const gone = axes?.map((axis) => (axis < 0 ? axis + dims.length : axis));
  if (gone === undefined || gone.some((axis) => dims[axis] !== 1)) return undefined;
  return dims.filter((_, axis) => !gone.includes(axis));
}

function unsqueezed(dims: Dims, axes: Dims | null | undefined): Dims | undefined {
  if (axes == null) return undefined;
  const rank = dims.length + axes.length;
  const added = new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
  if (added.size !== axes.length || [...added].some((axis) => !(axis >= 0 && axis < rank))) return undefined;
  const rest = dims.values();
  return Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : (rest.next().value ?? 0)));
}

/** The largest or smallest few along an axis. */
function found(node: OnnxNode, dims: Dims, count: Dims | null | undefined): Dims | undefined {
  const axis = intAttribute(node, "axis") ?? -1;
  const at = axis < 0 ? axis + dims.length : axis;
  const [few] = count ?? [];
  return few === undefined || !(at in dims)
    ? undefined
    : dims.map((side, place) => (place === at ? few : side));
}

/** A search along one axis. */
function withoutAxis(node: OnnxNode, dims: Dims): Dims | undefined {
  const axis = intAttribute(node, "axis") ?? 0;
  const at = axis < 0 ? axis + dims.length : axis;
  if (!(at in dims)) return undefined;
  return dims.flatMap((side, place) =>
    place !== at ? [side] : intAttribute(node, "keepdims") === 0 ? [] : [1],
  );
}

/** Runs of neighbours along some axes; nothing that leaves out or turns round. */
function sliced(
  dims: Dims,
  input: (at: number) => readonly number[] | null | undefined,
  axesAttribute: Dims | null,
): Dims | undefined {
  const [starts, ends] = [input(1), input(2)];
  // Until opset 9 these are attributes.
  if (axesAttribute !== null || starts == null || ends?.length !== starts.length) return undefined;
  const axes = input(3) ?? starts.map((_, axis) => axis);
  if (axes.length !== starts.length || (input(4) ?? []).some((step) => step !== 1)) return undefined;
  const result = [...dims];
  for (const [at, axis] of axes.entries()) {
    const place = axis < 0 ? axis + dims.length : axis;
    const side = dims[place];
    if (side === undefined) return undefined;
    const bound = (value = 0) => Math.min(Math.max(value < 0 ? value + side : value, 0), side);
    result[place] = Math.max(0, bound(ends[at]) - bound(starts[at]));
  }
  return result;
}

function flattened(dims: Dims, axis: number): Dims {
  const at = axis < 0 ? axis + dims.length : axis;
  return [elementsOf(dims.slice(0, at)), elementsOf(dims.slice(at))];
}

function reduced(node: OnnxNode, dims: Dims, lookup: Lookup): Dims | undefined {
  const axes = reducedAxes(node, dims.length, lookup);
  if (axes === undefined) return undefined;
  const keeps = intAttribute(node, "keepdims") !== 0;
  return dims.flatMap((side, axis) => (axes.includes(axis) ? (keeps ? [1] : []) : [side]));
}

/** Axes that a Reduce node sums up or compares, counted from 0; undefined when they are not known. */
export function reducedAxes(node: OnnxNode, rank: number, lookup: Lookup): readonly number[] | undefined {
  const axes = intsAttribute(node, "axes") ?? lookup(node.inputs[1] ?? "")?.values;
  return axes?.map((axis) => (axis < 0 ? axis + rank : axis));
}
