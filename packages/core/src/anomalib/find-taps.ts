/**
 * Which layers of the backbone an exported graph looks at: the tensors that are brought to one grid and
 * concatenated along the channels, with their channel count and stride.
 */
import { type GraphIndex, indexGraph, intAttribute, intsAttribute } from "../onnx/graph-index.js";
import type { OnnxGraph, OnnxNode } from "../onnx/onnx-model.js";

/** Far more than any method compares. */
const MAX_TAPS = 64;
const MAX_STRIDE = 65_536;
/** Far deeper than any backbone. */
const MAX_ANCESTORS = 4096;

/** One layer that is looked at. */
export interface Tap {
  /** Name of the value in the graph. */
  readonly tensor: string;
  /** Layer name as the backbone spells it (`layer2`), or the value's name where none shows. */
  readonly layer: string;
  /** Channels, where the convolution before it tells. */
  readonly channels: number | null;
  /** Pixels of the network's input that one cell of the layer stands for; null for a value no backbone has. */
  readonly stride: number | null;
}

/**
 * The taps that make up a value, in concatenation order; one tap when it is no concatenation.
 *
 * @param name the embedding before channels are chosen, `[N, C, H, W]`.
 */
export function findTaps(index: GraphIndex, name: string): Tap[] {
  const seen = new Set<string>();
  const leaves: string[] = [];
  collectLeaves(index, name, seen, leaves);
  return leaves.map((tensor) => describeTap(index, tensor));
}

/** Layers that values come from, as the backbone spells them (`layer2`); a value's own name where none shows. */
export function layerNames(graph: OnnxGraph, tensors: readonly string[]): string[] {
  const index = indexGraph(graph);
  return tensors.map((tensor) => describeTap(index, tensor).layer);
}

/** Depth-first through concatenations and upsampling; each value once, so shared parts cannot multiply. */
function collectLeaves(index: GraphIndex, start: string, seen: Set<string>, leaves: string[]): void {
  const waiting = [start];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const node = index.producers.get(name);
    if (node?.opType === "Concat" && intAttribute(node, "axis") === 1) {
      for (const input of node.inputs.slice(0, MAX_TAPS).reverse()) waiting.push(input);
    } else if (node?.opType === "Resize") waiting.push(node.inputs[0] ?? "");
    else if (leaves.push(name) === MAX_TAPS) return;
  }
}

/** Operations that keep the number of channels. */
const KEEPS_CHANNELS = new Set([
  ...["Relu", "LeakyRelu", "Clip", "Sigmoid", "HardSwish", "HardSigmoid", "Mul", "Add", "BatchNormalization"],
  ...["AveragePool", "MaxPool", "Pad", "Identity", "Cast", "Div"],
]);

const LAYER = /(?:^|[./])((?:layer|stages?|blocks?|features)[._]?\d+)(?=[./]|$)/;

function describeTap(index: GraphIndex, tensor: string): Tap {
  let channels: number | null = null;
  let keeps = true;
  let nearest = true;
  let stride = 1;
  let layer = LAYER.exec(tensor)?.[1];
  for (const node of ancestors(index, tensor)) {
    if (node.opType === "Resize") break;
    if (nearest && node.opType === "Conv") {
      const weight = node.inputs[1] ?? "";
      if (keeps) channels = index.constants.get(weight)?.dims[0] ?? null;
      layer ??= LAYER.exec(node.name)?.[1] ?? LAYER.exec(weight)?.[1];
      nearest = false;
    }
    keeps &&= KEEPS_CHANNELS.has(node.opType);
    stride *= intsAttribute(node, "strides")?.[0] ?? 1;
  }
  const plausible = stride >= 1 && stride <= MAX_STRIDE;
  return { tensor, layer: layer ?? tensor, channels, stride: plausible ? stride : null };
}

/** The nodes before a value, back along the first input that is no constant; at most `most` of them. */
export function* ancestors(index: GraphIndex, name: string, most = MAX_ANCESTORS): Generator<OnnxNode> {
  let node = index.producers.get(name);
  for (let step = 0; step < most && node !== undefined; step++) {
    yield node;
    const data: string | undefined = node.inputs.find((input) => input !== "" && !index.constants.has(input));
    node = data === undefined ? undefined : index.producers.get(data);
  }
}
