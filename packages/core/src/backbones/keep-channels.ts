/**
 * Makes a network give only some channels of its values: the choice is made as early as no work is doubled. Where a
 * value feeds nothing else, the convolution behind it computes the chosen channels alone.
 */
import { ONNX_TYPE } from "../onnx/data-types.js";
import { type GraphIndex, indexGraph, intAttribute } from "../onnx/graph-index.js";
import { isStandard, knownShapes } from "../onnx/known-shapes.js";
import type { Lookup } from "../onnx/known-values.js";
import type { OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from "../onnx/onnx-model.js";
import type { ExternalFiles } from "../onnx/tensor-values.js";
import { tensorValues } from "../onnx/tensor-values.js";
import { cutGraph } from "./cut-graph.js";
import { inlineWeights } from "./inline-weights.js";

/** A value `[1, C, h, w]` of which some channels are wanted. */
export interface ChannelChoice {
  /** Name of the value. */
  readonly name: string;
  /** Indices of channels, each once, ascending. */
  readonly channels: readonly number[];
  /** C. */
  readonly of: number;
}

/** A network that ends in chosen channels. */
export interface KeptNetwork {
  readonly model: OnnxModel;
  /** Names of its outputs `[1, chosen channels, h, w]`, in the order of the choices. */
  readonly outputs: readonly string[];
}

/** How a network is cut. */
export interface KeepRequest {
  readonly model: OnnxModel;
  readonly choices: readonly ChannelChoice[];
  /** Shape of its one input, for which the shapes of values are told. */
  readonly input: { readonly name: string; readonly dims: readonly number[] };
  /** External weights: location → whole content. */
  readonly files: ExternalFiles;
  /** What errors call the model. */
  readonly subject: string;
  /** false: channels are chosen from the finished values, and every weight stays as it is. Default: true. */
  readonly prune?: boolean;
}

/**
 * The part of a network that computes the chosen channels, weights included.
 * @throws BlemishError BACKBONE when a value is not there; MODEL_DATA_MISSING for external weights that are not.
 */
export function keepChannels({
  model,
  choices,
  input,
  files,
  subject,
  prune = true,
}: KeepRequest): KeptNetwork {
  const names = choices.map(({ name }) => name);
  const cut = inlineWeights(cutGraph(model, names, subject), files, subject);
  const index = indexGraph(cut.graph);
  const edit: Edit = {
    index,
    shapes: knownShapes(index, new Map([[input.name, input.dims]])),
    nodes: [],
    initialisers: [],
    prune,
    taken: new Set(namesIn(index)),
  };
  const outputs = choices.map(({ name, channels, of }) =>
    channels.length === of ? name : chosen(edit, name, channels, 0),
  );
  const { graph } = cut;
  const whole: OnnxModel = {
    ...cut,
    // From IR version 4 on initialisers need not be inputs.
    irVersion: Math.max(cut.irVersion, 4),
    graph: {
      ...graph,
      nodes: [...graph.nodes, ...edit.nodes],
      initialisers: [...graph.initialisers, ...edit.initialisers],
      valueInfo: [],
      outputs: outputs.map((name, at) => outputValue(name, choices[at]?.channels.length ?? 0)),
    },
  };
  // Once more, for what only the whole values needed.
  return { model: cutGraph(whole, outputs, subject), outputs };
}

interface Edit {
  readonly index: GraphIndex;
  readonly shapes: Lookup;
  /** What is added. */
  readonly nodes: OnnxNode[];
  readonly initialisers: OnnxTensor[];
  readonly prune: boolean;
  readonly taken: Set<string>;
}

/** Operations on each number alone, whose other inputs (bounds of a Clip) are one number each. */
const EACH_NUMBER = new Set([
  "Relu",
  "LeakyRelu",
  "Clip",
  "Sigmoid",
  "HardSigmoid",
  "HardSwish",
  "Elu",
  "Identity",
]);

/** Far deeper than the end of any block. */
const MAX_DEPTH = 32;

/** Name of a value that holds the channels of another; `uses` are the readers that need the whole value. */
function chosen(edit: Edit, name: string, channels: readonly number[], depth: number): string {
  const readers = edit.index.consumers.get(name)?.length ?? 0;
  // The reader that the recursion came from is replaced; at the start there is none.
  const needed = readers > (depth === 0 ? 0 : 1);
  const node = edit.index.producers.get(name);
  if (needed || node === undefined || !edit.prune || depth > MAX_DEPTH) return gathered(edit, name, channels);
  return prunedBefore(edit, node, channels, depth) ?? gathered(edit, name, channels);
}

/** The node again for the chosen channels; null where that is not known to be right. */
function prunedBefore(edit: Edit, node: OnnxNode, channels: readonly number[], depth: number): string | null {
  const { opType, inputs } = node;
  const [first = "", second = "", ...rest] = inputs;
  const isOutput = edit.index.graph.outputs.some(({ name }) => node.outputs.includes(name) && depth > 0);
  if (!isStandard(node) || isOutput) return null;
  const again = (changed: readonly string[]) => added(edit, node, changed);
  if (opType === "Conv") {
    const weights = convWeights(edit, node, channels);
    return weights && again([first, ...weights]);
  }
  if (opType === "Add" && rest.length === 0 && sameShape(edit, first, second))
    return again([chosen(edit, first, channels, depth + 1), chosen(edit, second, channels, depth + 1)]);
  const bounds = inputs
    .slice(1)
    .every((name) => name === "" || edit.index.constants.get(name)?.dims.length === 0);
  if (EACH_NUMBER.has(opType) && bounds)
    return again([chosen(edit, first, channels, depth + 1), ...inputs.slice(1)]);
  return null;
}

function sameShape({ shapes, index }: Edit, a: string, b: string): boolean {
  const [left, right] = [shapes(a)?.dims, shapes(b)?.dims];
  const computed = index.producers.has(a) && index.producers.has(b) && a !== b;
  return computed && left?.length === 4 && left.join() === right?.join();
}

/** The rows of a convolution's weights and bias that the channels need, as new initialisers. */
function convWeights(edit: Edit, node: OnnxNode, channels: readonly number[]): string[] | null {
  if ((intAttribute(node, "group") ?? 1) !== 1) return null;
  const parts = node.inputs.slice(1).filter((name) => name !== "");
  const tensors = parts.map((name) => edit.index.constants.get(name));
  const rows = tensors.map((tensor) => (tensor === undefined ? null : rowsOf(tensor, channels)));
  if (rows.some((one) => one === null)) return null;
  return rows.map((tensor, at) => {
    const name = unused(edit, `${parts[at]}.kept`);
    edit.initialisers.push({ ...(tensor as OnnxTensor), name });
    return name;
  });
}

/** Some entries of the first axis of a float32 tensor. */
function rowsOf(tensor: OnnxTensor, rows: readonly number[]): OnnxTensor | null {
  const values = tensor.dataType === ONNX_TYPE.float32 ? tensorValues(tensor) : null;
  const [count = 0, ...rest] = tensor.dims;
  if (!(values instanceof Float32Array) || rows.some((row) => row >= count)) return null;
  const size = values.length / count;
  const data = new Float32Array(rows.length * size);
  rows.forEach((row, at) => {
    data.set(values.subarray(row * size, (row + 1) * size), at * size);
  });
  const bytes = new Uint8Array(data.buffer);
  return { ...tensor, dims: [rows.length, ...rest], payload: { kind: "raw", bytes } };
}

function gathered(edit: Edit, name: string, channels: readonly number[]): string {
  const indices = unused(edit, `${name}.channels`);
  const bytes = new Uint8Array(BigInt64Array.from(channels, BigInt).buffer);
  edit.initialisers.push({
    name: indices,
    dataType: ONNX_TYPE.int64,
    dims: [channels.length],
    payload: { kind: "raw", bytes },
  });
  const gather: OnnxNode = {
    name: "",
    opType: "Gather",
    domain: "",
    inputs: [],
    outputs: [name],
    attributes: [{ name: "axis", type: "int", value: 1n }],
  };
  return added(edit, gather, [name, indices]);
}

/** A copy of a node with other inputs and an output of its own. */
function added(edit: Edit, node: OnnxNode, inputs: readonly string[]): string {
  const output = unused(edit, `${node.outputs[0]}.kept`);
  edit.nodes.push({ ...node, name: output, inputs, outputs: [output] });
  return output;
}

function unused({ taken }: Edit, wanted: string): string {
  let name = wanted;
  for (let copy = 2; taken.has(name); copy++) name = `${wanted}.${copy}`;
  taken.add(name);
  return name;
}

function namesIn({ graph, producers, constants }: GraphIndex): string[] {
  return [
    ...graph.nodes.map(({ name }) => name),
    ...producers.keys(),
    ...constants.keys(),
    ...graph.inputs.map(({ name }) => name),
  ];
}

function outputValue(name: string, channels: number): OnnxValue {
  return { name, elementType: ONNX_TYPE.float32, dims: [null, channels, null, null] };
}
