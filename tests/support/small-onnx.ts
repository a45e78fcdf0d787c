/** Builds ONNX models small enough to read in a test. They are not meant to be run. */
import type { OnnxAttribute, OnnxDim, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from "@blemish/core";

/** Element type codes. */
export const FLOAT32 = 1;
export const INT64 = 7;
export const BOOL = 9;

/** A float32 tensor; without values, as many as the shape takes: 0.5, 1.5, 2.5, … */
export function floats(name: string, dims: readonly number[], values?: readonly number[]): OnnxTensor {
  const count = dims.reduce((product, side) => product * side, 1);
  const numbers = values ?? Array.from({ length: count }, (_, i) => i + 0.5);
  const bytes = new Uint8Array(Float32Array.from(numbers).buffer);
  return { name, dataType: FLOAT32, dims, payload: { kind: "raw", bytes } };
}

/** An int64 tensor. */
export function ints(name: string, dims: readonly number[], values: readonly number[]): OnnxTensor {
  const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return { name, dataType: INT64, dims, payload: { kind: "raw", bytes } };
}

/** Attributes of a node in short: numbers, lists of numbers, text, tensors. */
export type ShortAttributes = Readonly<Record<string, number | string | readonly number[] | OnnxTensor>>;

/** A node with one output. */
export function node(
  opType: string,
  inputs: readonly string[],
  output: string,
  attributes: ShortAttributes = {},
  name = output,
): OnnxNode {
  return {
    name,
    opType,
    domain: "",
    inputs,
    outputs: [output],
    attributes: Object.entries(attributes).map(attributeOf),
  };
}

function attributeOf([name, value]: [string, ShortAttributes[string]]): OnnxAttribute {
  if (typeof value === "number") return { name, type: "int", value: BigInt(value) };
  if (typeof value === "string") return { name, type: "string", value };
  if ("dims" in value) return { name, type: "tensor", value };
  return { name, type: "ints", value: value.map(BigInt) };
}

/** An input or output. */
export function port(name: string, dims: readonly OnnxDim[] | null, elementType = FLOAT32): OnnxValue {
  return { name, elementType, dims };
}

/** What makes up a small model; everything may be left out. */
export interface SmallModel {
  readonly nodes?: readonly OnnxNode[];
  readonly initialisers?: readonly OnnxTensor[];
  readonly inputs?: readonly OnnxValue[];
  readonly outputs?: readonly OnnxValue[];
  readonly opset?: number;
}

/** A model with one input `[1, 3, 32, 32]` and one map, unless other ports are given. */
export function smallModel(parts: SmallModel = {}): OnnxModel {
  return {
    irVersion: 6,
    producerName: "tests",
    producerVersion: "1",
    opsets: [{ domain: "", version: parts.opset ?? 11 }],
    metadataProps: [],
    graph: {
      name: "small",
      nodes: parts.nodes ?? [],
      initialisers: parts.initialisers ?? [],
      inputs: parts.inputs ?? [port("input", [1, 3, 32, 32])],
      outputs: parts.outputs ?? [port("output", [1, 1, 32, 32])],
      valueInfo: [],
    },
  };
}

/** Channels that {@link smallPadim} keeps of its 12, in draw order. */
export const SMALL_INDICES = [9, 2, 4];

/**
 * PaDiM as Anomalib 0.7 exports it, with a backbone of two convolutions: layer1 of 4 channels at stride 4 and
 * layer2 of 8 at stride 8, three channels kept, 8 × 8 cells for an input of 32 × 32.
 */
export function smallPadim(): OnnxModel {
  const cells = 64;
  const kept = SMALL_INDICES.length;
  return smallModel({
    initialisers: [
      floats("w1", [4, 3, 3, 3]),
      floats("w2", [8, 4, 3, 3]),
      ints("idx", [kept], SMALL_INDICES),
      floats("mean", [kept, cells]),
      floats("inv_cov", [cells, kept, kept]),
      floats("blur.kernel", [1, 1, 3, 3], [1, 2, 1, 2, 4, 2, 1, 2, 1]),
    ],
    nodes: [
      node("Conv", ["input", "w1"], "c1", { strides: [4, 4] }, "/net/layer1/conv/Conv"),
      node("Relu", ["c1"], "f1"),
      node("Conv", ["f1", "w2"], "c2", { strides: [2, 2] }, "/net/layer2/conv/Conv"),
      node("Relu", ["c2"], "f2"),
      node("Constant", [], "sizes", { value: ints("", [4], [1, 8, 8, 8]) }),
      node("Resize", ["f2", "", "", "sizes"], "up2", { mode: "nearest" }),
      node("Concat", ["f1", "up2"], "taps", { axis: 1 }),
      node("Gather", ["taps", "idx"], "chosen", { axis: 1 }),
      node("Reshape", ["chosen", "flat"], "rows"),
      node("Constant", [], "flat", { value: ints("", [3], [1, kept, cells]) }),
      node("Sub", ["rows", "mean"], "delta"),
      node("Transpose", ["delta"], "columns", { perm: [2, 0, 1] }),
      node("MatMul", ["columns", "inv_cov"], "product"),
      node("Sqrt", ["product"], "distance"),
      node("Pad", ["distance"], "padded"),
      node("Conv", ["padded", "blur.kernel"], "output"),
    ],
  });
}
