/**
 * The whole-number arithmetic that exporters write beside a network to compute sizes: Shape, Slice, Concat, Cast and
 * their like, on lists of a few numbers. It is no interpreter for networks.
 */
import { elementsOf, ONNX_TYPE } from "./data-types.js";
import { constantNumbers, type GraphIndex, intAttribute, intsAttribute } from "./graph-index.js";
import type { OnnxNode } from "./onnx-model.js";

/** What is known of a value for a given size of the input. */
export interface KnownValue {
  readonly dims: readonly number[];
  /** The numbers themselves, row-major, of short lists of whole numbers; null for everything else. */
  readonly values: readonly number[] | null;
}

/** Looks up a value of the graph; undefined where nothing is known of it. */
export type Lookup = (name: string) => KnownValue | undefined;

/** Longest list that is computed with; shapes and pads are shorter. */
const MAX_VALUES = 64;

/** A constant as a known value: with its numbers where it is a short list of whole numbers. */
export function knownConstant(index: GraphIndex, name: string): KnownValue | undefined {
  const tensor = index.constants.get(name);
  if (tensor === undefined) return undefined;
  const whole = tensor.dataType === ONNX_TYPE.int64 || tensor.dataType === ONNX_TYPE.int32;
  const short = whole && elementsOf(tensor.dims) <= MAX_VALUES;
  return { dims: tensor.dims, values: short ? constantNumbers(index, name) : null };
}

/** The numbers that a node of size arithmetic computes; undefined when it is none or its inputs are not known. */
export function computedValues(node: OnnxNode, lookup: Lookup): KnownValue | undefined {
  const result = OPERATIONS[node.opType]?.(node, lookup);
  return result?.values != null && result.values.length > MAX_VALUES ? undefined : result;
}

type Operation = (node: OnnxNode, lookup: Lookup) => KnownValue | undefined;

/** A known value whose numbers are known too. */
interface Listed extends KnownValue {
  readonly values: readonly number[];
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  Shape: (node, lookup) => {
    const dims = lookup(node.inputs[0] ?? "")?.dims;
    if (dims === undefined) return undefined;
    const end = intAttribute(node, "end") ?? dims.length;
    return list(dims.slice(intAttribute(node, "start") ?? 0, end));
  },
  Cast: (node, lookup) => {
    const to = intAttribute(node, "to");
    return to === ONNX_TYPE.int64 || to === ONNX_TYPE.int32 ? listed(lookup, node.inputs[0]) : undefined;
  },
  Gather: gather,
  Slice: slice,
  Concat: (node, lookup) => {
    const parts = node.inputs.map((input) => listed(lookup, input));
    if (parts.some((part) => part?.dims.length !== 1)) return undefined;
    return list(parts.flatMap((part) => part?.values ?? []));
  },
  Unsqueeze: (node, lookup) => {
    const value = listed(lookup, node.inputs[0]);
    return value?.dims.length === 0 ? list(value.values) : undefined;
  },
  Squeeze: (node, lookup) => {
    const value = listed(lookup, node.inputs[0]);
    return value?.dims.length === 1 && value.dims[0] === 1 ? { dims: [], values: value.values } : undefined;
  },
  Reshape: reshape,
  Transpose: transpose,
  Mul: pairwise((a, b) => a * b),
  Add: pairwise((a, b) => a + b),
  Sub: pairwise((a, b) => a - b),
  ConstantOfShape: zeros,
  Range: range,
};

function list(values: readonly number[]): Listed {
  return { dims: [values.length], values };
}

function listed(lookup: Lookup, name: string | undefined): Listed | undefined {
  const value = lookup(name ?? "");
  return value === undefined || value.values === null ? undefined : (value as Listed);
}

/** A list of zeros: the only filler that exporters write. */
function zeros(node: OnnxNode, lookup: Lookup): KnownValue | undefined {
  const dims = listed(lookup, node.inputs[0])?.values;
  const [filler] = node.attributes;
  if (dims === undefined || elementsOf(dims) > MAX_VALUES || filler?.type !== "tensor") return undefined;
  const { dataType, payload } = filler.value;
  const isZero = payload.kind === "raw" && payload.bytes.every((byte) => byte === 0);
  if (dataType !== ONNX_TYPE.int64 || !isZero) return undefined;
  return { dims, values: Array.from({ length: elementsOf(dims) }, () => 0) };
}

/** Whole numbers from a start up to a limit. */
function range({ inputs }: OnnxNode, lookup: Lookup): KnownValue | undefined {
  const [start, limit, step] = [0, 1, 2].map((at) => listed(lookup, inputs[at])?.values[0]);
  if (start === undefined || limit === undefined || step !== 1 || limit - start > MAX_VALUES)
    return undefined;
  return list(Array.from({ length: Math.max(0, limit - start) }, (_, at) => start + at));
}

/** One number of a list, or several. */
function gather(node: OnnxNode, lookup: Lookup): KnownValue | undefined {
  const data = listed(lookup, node.inputs[0]);
  const at = listed(lookup, node.inputs[1]);
  if (data?.dims.length !== 1 || at === undefined || (intAttribute(node, "axis") ?? 0) !== 0)
    return undefined;
  const values = at.values.map((place) => data.values[place < 0 ? place + data.values.length : place]);
  return values.every((value) => value !== undefined) ? { dims: at.dims, values } : undefined;
}

/** A run along the first axis, forwards or (as exporters turn pads round) backwards by one. */
function slice(node: OnnxNode, lookup: Lookup): KnownValue | undefined {
  const data = listed(lookup, node.inputs[0]);
  const [starts, ends, axes, steps] = [1, 2, 3, 4].map((at) => listed(lookup, node.inputs[at])?.values);
  if (data === undefined || data.dims.length === 0 || starts?.length !== 1 || ends?.length !== 1)
    return undefined;
  const step = steps?.[0] ?? 1;
  if ((axes?.[0] ?? 0) !== 0 || (step !== 1 && step !== -1)) return undefined;
  const [rows = 0, ...rest] = data.dims;
  const width = elementsOf(rest);
  const clamp = (place: number, low: number, high: number) =>
    Math.min(Math.max(place < 0 ? place + rows : place, low), high);
  const backwards = step === -1;
  const start = backwards ? clamp(starts[0] ?? 0, 0, rows - 1) : clamp(starts[0] ?? 0, 0, rows);
  const end = backwards ? clamp(ends[0] ?? 0, -1, rows - 1) : clamp(ends[0] ?? 0, 0, rows);
  const count = Math.max(0, (end - start) * step);
  const chosen = Array.from({ length: count }, (_, i) => start + i * step);
  return {
    dims: [count, ...rest],
    values: chosen.flatMap((row) => data.values.slice(row * width, (row + 1) * width)),
  };
}

function reshape(node: OnnxNode, lookup: Lookup): KnownValue | undefined {
  const data = listed(lookup, node.inputs[0]);
  const dims = data && reshapedDims(node, data.dims, lookup);
  return data && dims && { dims, values: data.values };
}

/** The shape that a Reshape asks for; undefined when it is not known or does not fit the data. */
export function reshapedDims(
  node: OnnxNode,
  dims: readonly number[],
  lookup: Lookup,
): readonly number[] | undefined {
  const target = listed(lookup, node.inputs[1])?.values;
  if (target === undefined) return undefined;
  const copies = intAttribute(node, "allowzero") !== 1;
  const sides = target.map((side, axis) => (side === 0 && copies ? (dims[axis] ?? -1) : side));
  const count = elementsOf(dims);
  const open = sides.indexOf(-1);
  if (open >= 0) sides[open] = count / elementsOf(sides.filter((_, axis) => axis !== open));
  const fits = sides.every((side) => Number.isSafeInteger(side) && side >= 0);
  return fits && elementsOf(sides) === count ? sides : undefined;
}

function transpose(node: OnnxNode, lookup: Lookup): KnownValue | undefined {
  const data = listed(lookup, node.inputs[0]);
  const perm = intsAttribute(node, "perm") ?? [1, 0];
  if (data?.dims.length !== 2 || perm[0] !== 1 || perm[1] !== 0) return undefined;
  const [rows, columns] = data.dims as [number, number];
  const values = Array.from({ length: columns }, (_, x) =>
    Array.from({ length: rows }, (_, y) => data.values[y * columns + x] ?? 0),
  );
  return { dims: [columns, rows], values: values.flat() };
}

function pairwise(combine: (a: number, b: number) => number): Operation {
  return (node, lookup) => {
    const [a, b] = [listed(lookup, node.inputs[0]), listed(lookup, node.inputs[1])];
    if (a?.values.length !== 1 || b?.values.length !== 1) return undefined;
    const dims = a.dims.length > b.dims.length ? a.dims : b.dims;
    return { dims, values: [combine(a.values[0] ?? 0, b.values[0] ?? 0)] };
  };
}
