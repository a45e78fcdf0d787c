/**
 * A network that computes with 8-bit integers, in the form of ONNX that runtimes recognise: every integer value is
 * written as QuantizeLinear → DequantizeLinear around nodes that look like floating point (QDQ). Activations are uint8
 * with one scale and a zero point, weights int8 with a scale for each output channel and no zero point, biases int32
 * with the product of both scales: the one combination that ONNX Runtime's CPU kernels run fast on x86 (with int8
 * activations they fall back to a twentieth of the speed).
 */
import { BlemishError } from "../../errors.js";
import { ONNX_TYPE } from "../../onnx/data-types.js";
import { intAttribute } from "../../onnx/graph-index.js";
import type { OnnxModel, OnnxNode, OnnxTensor } from "../../onnx/onnx-model.js";
import { tensorValues } from "../../onnx/tensor-values.js";
import { cutGraph } from "../cut-graph.js";
import { type ActivationFacts, type ActivationSteps, activationSteps } from "./activation-steps.js";
import { integerOperators } from "./integer-operators.js";
import {
  outputAxis,
  type PlannedNode,
  planQuantisation,
  type QuantisationPlan,
} from "./plan-quantisation.js";
import { MOST_ALONE, MOST_IN_PAIRS, quantiseWeights } from "./quantise-weights.js";

/** The graph in the making. */
interface Builder {
  readonly subject: string;
  readonly plan: QuantisationPlan;
  readonly steps: ReadonlyMap<string, ActivationSteps>;
  readonly facts: ReadonlyMap<string, ActivationFacts>;
  readonly nodes: OnnxNode[];
  readonly initialisers: OnnxTensor[];
  /** Value → the name under which integer nodes read it. */
  readonly readAs: Map<string, string>;
}

/**
 * The integer form of a network. Inputs, outputs and their types stay the same; taps that are integers inside leave as
 * float32. Nodes of other kinds stay as they are.
 *
 * @param facts of every value that `activationProbe` measures.
 * @throws BlemishError BACKBONE: a range is missing, no node can be integer, weights are not in the file, or the operator
 *   set is too old.
 */
export function quantiseNetwork(
  model: OnnxModel,
  facts: ReadonlyMap<string, ActivationFacts>,
  subject: string,
): OnnxModel {
  const plan = planQuantisation(model, subject);
  const { irVersion, opsets } = integerOperators(model, subject);
  const builder: Builder = {
    subject,
    plan,
    steps: stepsOf(plan, facts, subject),
    facts,
    nodes: [],
    initialisers: [...model.graph.initialisers],
    readAs: new Map(),
  };
  for (const { name } of model.graph.inputs) addReading(builder, name);
  const planned = new Map(plan.nodes.map((one) => [one.node, one]));
  const folded = new Set(plan.nodes.flatMap((one) => one.folded ?? []));
  for (const node of model.graph.nodes) {
    if (folded.has(node)) continue;
    const one = planned.get(node);
    if (one === undefined) addFloat(builder, node);
    else addInteger(builder, one);
  }
  const graph = { ...model.graph, nodes: builder.nodes, initialisers: builder.initialisers };
  const outputs = model.graph.outputs.map(({ name }) => name);
  return cutGraph({ ...model, irVersion, opsets, graph }, outputs, subject);
}

function stepsOf(
  { values, sharing }: QuantisationPlan,
  facts: ReadonlyMap<string, ActivationFacts>,
  subject: string,
): Map<string, ActivationSteps> {
  const steps = new Map<string, ActivationSteps>();
  for (const value of values) {
    const range = facts.get(value);
    if (range === undefined) throw wrong(subject, `the range of value ${value}`, "none");
    steps.set(value, activationSteps(range));
  }
  for (const [value, source] of sharing) steps.set(value, steps.get(source) as ActivationSteps);
  return steps;
}

/** A node that stays; integer nodes behind it read its results through integers. */
function addFloat(builder: Builder, node: OnnxNode): void {
  builder.nodes.push(node);
  for (const output of node.outputs) addReading(builder, output);
}

function addReading(builder: Builder, value: string): void {
  if (!builder.steps.has(value)) return;
  const name = `${value}/rounded`;
  addSteps(builder, value, value, name);
  builder.readAs.set(value, name);
}

/** A node between integers: it reads dequantised values and its own result is quantised again. */
function addInteger(builder: Builder, planned: PlannedNode): void {
  const { node, inputs, output, weight } = planned;
  const raw = `${output}/exact`;
  const data = inputs.map((name) => builder.readAs.get(name) ?? name);
  const constants = weight === null ? [] : addWeights(builder, planned, weight);
  builder.nodes.push({
    ...node,
    inputs: [...data, ...constants],
    outputs: [raw],
    attributes: node.opType === "Gemm" ? [TRANSPOSED] : node.attributes,
  });
  addSteps(builder, output, raw, output);
}

/** The one attribute of a plain matrix product whose weight is `[outputs, inputs]`. */
const TRANSPOSED = { name: "transB", type: "int", value: 1n } as const;

/** Float `from` → uint8 with the steps of `value` → float `to`. */
function addSteps({ steps, nodes, initialisers }: Builder, value: string, from: string, to: string): void {
  const { scale, zeroPoint } = steps.get(value) as ActivationSteps;
  const names = { integer: `${value}/uint8`, scale: `${value}/scale`, zero: `${value}/zero` };
  initialisers.push(tensor(names.scale, [], Float32Array.of(scale)));
  initialisers.push(tensor(names.zero, [], Uint8Array.of(zeroPoint)));
  nodes.push(operator("QuantizeLinear", [from, names.scale, names.zero], names.integer));
  nodes.push(operator("DequantizeLinear", [names.integer, names.scale, names.zero], to));
}

/** The layer's weight and bias as dequantised integers. @returns Their names. */
function addWeights(builder: Builder, planned: PlannedNode, weight: OnnxTensor): string[] {
  const { node, inputs, output, bias } = planned;
  const { scale: inputScale } = builder.steps.get(inputs[0]) as ActivationSteps;
  const axis = outputAxis(node);
  const outputs = weight.dims[axis];
  const values = floats(builder, weight);
  const {
    weights,
    scales,
    bias: integers,
  } = quantiseWeights({
    values: axis === 0 ? values : transposed(values, outputs),
    outputs,
    kernel: weight.dims.slice(2).reduce((product, side) => product * side, 1),
    bias: bias && floats(builder, bias),
    inputScale,
    most: isDepthwise(node, weight) ? MOST_ALONE : MOST_IN_PAIRS,
    inputMeans: builder.facts.get(inputs[0])?.means ?? null,
  });
  const names = [`${output}/weight`, `${output}/bias`];
  const dims = axis === 0 ? weight.dims : [...weight.dims].reverse();
  addConstant(builder, names[0], tensor("", dims, weights), scales);
  const biasScales = scales.map((one) => one * inputScale);
  addConstant(builder, names[1], tensor("", [outputs], integers), biasScales);
  return names;
}

/** One input channel for each output channel. */
function isDepthwise(node: OnnxNode, { dims }: OnnxTensor): boolean {
  return node.opType === "Conv" && dims[1] === 1 && intAttribute(node, "group") === dims[0];
}

/** `[inputs, outputs]` → `[outputs, inputs]`. */
function transposed(values: Float32Array, outputs: number): Float32Array {
  const inputs = values.length / outputs;
  return values.map((_, at) => values[(at % inputs) * outputs + Math.floor(at / inputs)]);
}

/** Integers with a scale for each index of the first axis, dequantised under `name`. */
function addConstant(
  { nodes, initialisers }: Builder,
  name: string,
  integers: OnnxTensor,
  scales: Float32Array,
): void {
  const names = { integers: `${name}/integers`, scale: `${name}/scale`, zero: `${name}/zero` };
  const zeros = integers.dataType === ONNX_TYPE.int8 ? Int8Array : Int32Array;
  initialisers.push({ ...integers, name: names.integers });
  initialisers.push(tensor(names.scale, [scales.length], scales));
  initialisers.push(tensor(names.zero, [scales.length], new zeros(scales.length)));
  const along = { name: "axis", type: "int", value: 0n } as const;
  nodes.push({
    ...operator("DequantizeLinear", [names.integers, names.scale, names.zero], name),
    attributes: [along],
  });
}

function floats({ subject }: Builder, weight: OnnxTensor): Float32Array {
  const values = tensorValues(weight, undefined, subject);
  if (values instanceof Float32Array && values.every(Number.isFinite)) return values;
  throw wrong(
    subject,
    `finite weights in tensor ${weight.name}`,
    values === null ? "weights elsewhere" : "others",
  );
}

/** Without a name, because names of nodes must differ. */
function operator(opType: string, inputs: string[], output: string): OnnxNode {
  return { name: "", opType, domain: "", inputs, outputs: [output], attributes: [] };
}

const TYPES = new Map<unknown, number>([
  [Float32Array, ONNX_TYPE.float32],
  [Uint8Array, ONNX_TYPE.uint8],
  [Int8Array, ONNX_TYPE.int8],
  [Int32Array, ONNX_TYPE.int32],
]);

function tensor(
  name: string,
  dims: readonly number[],
  values: Float32Array | Uint8Array | Int8Array | Int32Array,
): OnnxTensor {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { name, dataType: TYPES.get(values.constructor) as number, dims, payload: { kind: "raw", bytes } };
}

function wrong(subject: string, expected: string, found: string): BlemishError {
  return new BlemishError("BACKBONE", { subject, expected, found });
}
