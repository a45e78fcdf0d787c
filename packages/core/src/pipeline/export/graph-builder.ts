/** Writes an ONNX graph node by node. Values get names of their own; the same constant is written once. */
import { ONNX_TYPE } from "../../onnx/data-types.js";
import type { OnnxAttribute, OnnxNode, OnnxTensor } from "../../onnx/onnx-model.js";

/** A value of an attribute: whole numbers, unless they stand in `float`. */
export type AttributeValue = number | string | readonly number[] | { readonly float: number };

type Attributes = Readonly<Record<string, AttributeValue>>;

/** A graph in the making. */
export interface GraphBuilder {
  /** Version of the standard operators that nodes are written for, 11 to 17. */
  readonly opset: number;
  readonly nodes: OnnxNode[];
  readonly initialisers: OnnxTensor[];
  /**
   * Adds a node. An empty input stands for one that is left out.
   * @param output name of its value; a new one when absent.
   * @returns the name of its (first) value.
   */
  add(operator: string, inputs: readonly string[], attributes?: Attributes, output?: string): string;
  /** Adds a node of several values. */
  addMany(operator: string, inputs: readonly string[], attributes: Attributes, count: number): string[];
  /** A float32 constant; its values are not copied. */
  floats(dims: readonly number[], values: Float32Array | readonly number[]): string;
  /** A constant of 0/1; its values are not copied. */
  bools(dims: readonly number[], values: Uint8Array): string;
  /** An int64 constant. */
  ints(values: readonly number[]): string;
  /** Sum, maximum, minimum or mean over axes, as the opset wants it written. */
  reduce(
    kind: "Sum" | "Max" | "Min" | "Mean",
    value: string,
    axes: readonly number[],
    keep: boolean,
    output?: string,
  ): string;
}

/** From here on the axes of a reduction are an input and no attribute. */
const AXES_AS_INPUT = { Sum: 13, Max: 18, Min: 18, Mean: 18 } as const;

/** An empty graph. */
export function graphBuilder(opset: number): GraphBuilder {
  const nodes: OnnxNode[] = [];
  let count = 0;
  const newName = (kind: string) => `${kind}_${count++}`;
  const constants = constantsOf(newName);
  const add: GraphBuilder["add"] = (operator, inputs, attributes = {}, output = newName(operator)) => {
    nodes.push(nodeOf(operator, inputs, attributes, [output]));
    return output;
  };
  return {
    opset,
    nodes,
    ...constants,
    add,
    addMany(operator, inputs, attributes, many) {
      const outputs = Array.from({ length: many }, () => newName(operator));
      nodes.push(nodeOf(operator, inputs, attributes, outputs));
      return outputs;
    },
    reduce(kind, value, axes, keep, output) {
      const keepdims = keep ? 1 : 0;
      const operator = `Reduce${kind}`;
      if (opset >= AXES_AS_INPUT[kind])
        return add(operator, [value, constants.ints(axes)], { keepdims }, output);
      return add(operator, [value], { axes, keepdims }, output);
    },
  };
}

/** Sizes for a Resize of a value `[batch, channels, height, width]`: its own, but for the last ones, which are given. */
export function sizesEndingIn(builder: GraphBuilder, value: string, last: readonly number[]): string {
  const kept = Array.from({ length: 4 - last.length }, (_, axis) => axis);
  const leading = builder.add("Gather", [builder.add("Shape", [value]), builder.ints(kept)], { axis: 0 });
  return builder.add("Concat", [leading, builder.ints(last)], { axis: 0 });
}

/** The constants of a graph, each with a name. */
function constantsOf(
  newName: (kind: string) => string,
): Pick<GraphBuilder, "initialisers" | "floats" | "bools" | "ints"> {
  const initialisers: OnnxTensor[] = [];
  const known = new Map<string, string>();
  const put = (kind: string, dataType: number, dims: readonly number[], bytes: Uint8Array) => {
    const name = newName(kind);
    initialisers.push({ name, dataType, dims, payload: { kind: "raw", bytes } });
    return name;
  };
  return {
    initialisers,
    floats(dims, values) {
      const { buffer, byteOffset, byteLength } =
        values instanceof Float32Array ? values : Float32Array.from(values);
      return put("floats", ONNX_TYPE.float32, dims, new Uint8Array(buffer, byteOffset, byteLength));
    },
    bools: (dims, values) => put("bools", ONNX_TYPE.bool, dims, values),
    ints(values) {
      const key = values.join();
      const written = known.get(key);
      if (written !== undefined) return written;
      const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
      const name = put("ints", ONNX_TYPE.int64, [values.length], bytes);
      known.set(key, name);
      return name;
    },
  };
}

function nodeOf(
  opType: string,
  inputs: readonly string[],
  attributes: Attributes,
  outputs: readonly string[],
): OnnxNode {
  const list = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
  return { name: outputs[0] as string, opType, domain: "", inputs, outputs, attributes: list };
}

function attributeOf(name: string, value: AttributeValue): OnnxAttribute {
  if (typeof value === "string") return { name, type: "string", value };
  if (typeof value === "number") return { name, type: "int", value: BigInt(value) };
  if ("float" in value) return { name, type: "float", value: value.float };
  return { name, type: "ints", value: value.map(BigInt) };
}
