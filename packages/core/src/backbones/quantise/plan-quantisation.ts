/** Which nodes of a network can compute with 8-bit integers, and of which values the ranges are needed for that. */
import { BlemishError } from "../../errors.js";
import { ONNX_TYPE } from "../../onnx/data-types.js";
import { constantNumbers, type GraphIndex, indexGraph, intAttribute } from "../../onnx/graph-index.js";
import type { OnnxModel, OnnxNode, OnnxTensor } from "../../onnx/onnx-model.js";

/** A node that becomes integer. */
export interface PlannedNode {
  readonly node: OnnxNode;
  /** The ReLU or clip behind it: the end of the integers' range does its work. */
  readonly folded: OnnxNode | null;
  /** Values that flow in; constants are not among them. */
  readonly inputs: readonly string[];
  /** What it gives, behind what was folded. */
  readonly output: string;
  /** Weight and bias of a convolution or a matrix product. */
  readonly weight: OnnxTensor | null;
  readonly bias: OnnxTensor | null;
}

/** What becomes integer; everything else stays as it is. */
export interface QuantisationPlan {
  readonly nodes: readonly PlannedNode[];
  /** Values that become uint8, in the order of computation; those of `sharing` are not among them. */
  readonly values: readonly string[];
  /** Those of `values` that no integer node stands before: the picture, or what the network itself makes of it first. */
  readonly entries: readonly string[];
  /** Values that have the steps of another value, because a node only picks among its numbers. */
  readonly sharing: ReadonlyMap<string, string>;
}

/**
 * Convolutions (also depthwise) and matrix products with constant weights, with the ReLU or the clip that follows; sums
 * and poolings of values that are integers already.
 * @throws BlemishError BACKBONE when there is nothing of this.
 */
export function planQuantisation({ graph }: OnnxModel, subject: string): QuantisationPlan {
  const index = indexGraph(graph);
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const values = new Set<string>();
  const sharing = new Map<string, string>();
  const integer = new Set<string>();
  const nodes: PlannedNode[] = [];
  const behind = new Set<string>();
  for (const node of graph.nodes) {
    if (node.inputs.some((name) => behind.has(name))) for (const name of node.outputs) behind.add(name);
    const layer = layerOf(node, index) ?? (inputsAre(node, integer) ? { weight: null, bias: null } : null);
    const [result] = node.outputs;
    if (layer === null || result === undefined) continue;
    const folded = node.opType.includes("Pool") ? null : foldable(result, index, outputs);
    const output = folded?.outputs[0] ?? result;
    const inputs = layer.weight === null ? node.inputs.filter((name) => name !== "") : [node.inputs[0] ?? ""];
    nodes.push({ node, folded, inputs, output, ...layer });
    for (const input of inputs) if (!sharing.has(input)) values.add(input);
    if (node.opType === "MaxPool") sharing.set(output, sharing.get(inputs[0]) ?? inputs[0]);
    else values.add(output);
    integer.add(output);
    behind.add(output);
    behind.add(result);
  }
  if (nodes.length === 0)
    throw new BlemishError("BACKBONE", {
      subject,
      expected: "a float32 network with convolutions of constant weights",
      found: "none",
    });
  const entries = [...values].filter((value) => !behind.has(value));
  return { nodes, values: [...values], entries, sharing };
}

const POOLS = new Set(["MaxPool", "AveragePool", "GlobalAveragePool"]);

/** A sum or a pooling whose inputs are integers already: to make them so for its sake would only cost accuracy. */
function inputsAre(node: OnnxNode, integer: ReadonlySet<string>): boolean {
  const fits = node.opType === "Add" ? node.inputs.length === 2 : POOLS.has(node.opType);
  return (
    fits && isStandard(node) && node.outputs.length === 1 && node.inputs.every((name) => integer.has(name))
  );
}

function isStandard({ domain }: OnnxNode): boolean {
  return domain === "" || domain === "ai.onnx";
}

/** The constants of a convolution or a plain matrix product; null for other nodes and for weights that are computed. */
function layerOf(node: OnnxNode, { constants }: GraphIndex): Pick<PlannedNode, "weight" | "bias"> | null {
  const plainMatrix = node.opType === "Gemm" && isPlainProduct(node);
  if (!isStandard(node) || (node.opType !== "Conv" && !plainMatrix)) return null;
  const [input = "", weightName = "", biasName = ""] = node.inputs;
  const weight = constants.get(weightName);
  const bias = biasName === "" ? null : constants.get(biasName);
  const isFloat = (tensor: OnnxTensor) => tensor.dataType === ONNX_TYPE.float32 && !tensor.dims.includes(0);
  if (input === "" || constants.has(input) || weight === undefined || !isFloat(weight)) return null;
  if (bias === undefined || (bias !== null && !isFloat(bias))) return null;
  if (bias !== null && bias.dims.join() !== String(weight.dims[outputAxis(node)])) return null;
  return { weight, bias };
}

/** Which axis of a layer's weight counts its outputs. */
export function outputAxis(node: OnnxNode): 0 | 1 {
  return node.opType === "Gemm" && intAttribute(node, "transB") !== 1 ? 1 : 0;
}

function isPlainProduct(node: OnnxNode): boolean {
  const factors = node.attributes.filter(({ name }) => name === "alpha" || name === "beta");
  return factors.every(({ value }) => value === 1) && intAttribute(node, "transA") !== 1;
}

/** The ReLU or clip that alone uses a value, if the values that it lets through include 0; null otherwise. */
function foldable(value: string, index: GraphIndex, outputs: ReadonlySet<string>): OnnxNode | null {
  const [user, second] = index.consumers.get(value) ?? [];
  if (user === undefined || second !== undefined || outputs.has(value) || !isStandard(user)) return null;
  if (user.opType === "Relu") return user;
  if (user.opType !== "Clip" || user.attributes.length > 0) return null;
  const bound = (name: string | undefined, missing: number) =>
    name === undefined || name === "" ? missing : (constantNumbers(index, name)?.[0] ?? Number.NaN);
  const low = bound(user.inputs[1], Number.NEGATIVE_INFINITY);
  const high = bound(user.inputs[2], Number.POSITIVE_INFINITY);
  return user.inputs[0] === value && low <= 0 && high >= 0 ? user : null;
}
