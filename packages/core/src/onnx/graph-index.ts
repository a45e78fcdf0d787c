/**
 * Who makes and who uses each value of a graph, and which values are constants: what every recogniser asks.
 * Nested graphs are not entered.
 */
import { elementsOf, ONNX_TYPE } from "./data-types.js";
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor, OnnxValue } from "./onnx-model.js";
import { type ExternalFiles, tensorValues } from "./tensor-values.js";

/** Look-ups by value name. */
export interface GraphIndex {
  readonly graph: OnnxGraph;
  /** Inputs that a caller feeds: those that are no initialisers. */
  readonly inputs: readonly OnnxValue[];
  readonly producers: ReadonlyMap<string, OnnxNode>;
  readonly consumers: ReadonlyMap<string, readonly OnnxNode[]>;
  /** Initialisers and the tensors of Constant nodes, also behind Identity nodes. */
  readonly constants: ReadonlyMap<string, OnnxTensor>;
}

/** The look-up tables of a graph. */
export function indexGraph(graph: OnnxGraph): GraphIndex {
  const producers = new Map<string, OnnxNode>();
  const consumers = new Map<string, OnnxNode[]>();
  const constants = new Map(graph.initialisers.map((tensor) => [tensor.name, tensor]));
  for (const node of graph.nodes) {
    for (const output of node.outputs) if (output !== "") producers.set(output, node);
    for (const input of node.inputs) {
      if (input === "") continue;
      const users = consumers.get(input);
      if (users === undefined) consumers.set(input, [node]);
      else users.push(node);
    }
    const [output] = node.outputs;
    if (output === undefined) continue;
    const tensor = node.opType === "Constant" ? constantOf(node) : aliasOf(node, constants);
    if (tensor !== null) constants.set(output, tensor);
  }
  const inputs = graph.inputs.filter((input) => !constants.has(input.name));
  return { graph, inputs, producers, consumers, constants };
}

function aliasOf(node: OnnxNode, constants: ReadonlyMap<string, OnnxTensor>): OnnxTensor | null {
  return node.opType === "Identity" ? (constants.get(node.inputs[0] ?? "") ?? null) : null;
}

/** The tensor of a Constant node, also where it is spelt as a number or a list; null for other kinds. */
function constantOf(node: OnnxNode): OnnxTensor | null {
  const [attribute] = node.attributes;
  if (attribute === undefined) return null;
  switch (attribute.type) {
    case "tensor":
      return attribute.value;
    case "int":
      return numbers(ONNX_TYPE.int64, [], BigInt64Array.of(attribute.value));
    case "ints":
      return numbers(ONNX_TYPE.int64, [attribute.value.length], BigInt64Array.from(attribute.value));
    case "float":
      return numbers(ONNX_TYPE.float32, [], Float32Array.of(attribute.value));
    case "floats":
      return numbers(ONNX_TYPE.float32, [attribute.value.length], Float32Array.from(attribute.value));
    default:
      return null;
  }
}

function numbers(dataType: number, dims: number[], values: BigInt64Array | Float32Array): OnnxTensor {
  return { name: "", dataType, dims, payload: { kind: "raw", bytes: new Uint8Array(values.buffer) } };
}

/** A whole-number attribute of a node; null when it has none of this name and type. */
export function intAttribute(node: OnnxNode, name: string): number | null {
  const found = attribute(node, name);
  return found?.type === "int" ? Number(found.value) : null;
}

/** A list of whole numbers. */
export function intsAttribute(node: OnnxNode, name: string): number[] | null {
  const found = attribute(node, name);
  return found?.type === "ints" ? found.value.map(Number) : null;
}

/** A text attribute. */
export function textAttribute(node: OnnxNode, name: string): string | null {
  const found = attribute(node, name);
  return found?.type === "string" ? found.value : null;
}

function attribute(node: OnnxNode, name: string): OnnxAttribute | undefined {
  return node.attributes.find((candidate) => candidate.name === name);
}

/** Most values that {@link constantNumbers} turns into plain numbers. */
const MAX_NUMBERS = 100_000;

/**
 * The constant of this name as plain numbers; null when the name is no constant, its values are not at hand,
 * or it is larger than shapes, index lists and kernels are.
 */
export function constantNumbers(index: GraphIndex, name: string, files?: ExternalFiles): number[] | null {
  const tensor = index.constants.get(name);
  if (tensor === undefined || elementsOf(tensor.dims) > MAX_NUMBERS) return null;
  const values = tensorValues(tensor, files);
  return values === null ? null : Array.from(values as ArrayLike<number | bigint>, Number);
}
