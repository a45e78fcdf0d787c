/**
 * A torchvision-style ResNet (18, 34, 50, 101, wide, ResNeXt) as an ONNX graph, from its weights alone: what its blocks
 * are shows in names and shapes. Source: torchvision 0.15 `models/resnet.py`; bottlenecks have their stride in the 3×3
 * convolution. Variants with another stem, other shortcuts or attention are refused.
 */
import type { SafeTensors } from "../bundle/safetensors.js";
import { ONNX_TYPE } from "../onnx/data-types.js";
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from "../onnx/onnx-model.js";
import { type Convolution, type ResnetLayers, resnetLayers } from "./resnet-layers.js";

/** A network, and what its taps are. */
export interface ResnetGraph {
  /** Input `input` `[1, 3, height, width]`; each tap is an output of its own name. */
  readonly model: OnnxModel;
  readonly taps: readonly { readonly name: string; readonly channels: number; readonly stride: number }[];
  /** What was recognised, in words. */
  readonly kind: string;
}

const OPSET = 17;
const IR_VERSION = 8;
/** More blocks in a stage than any ResNet has. */
const MAX_BLOCKS = 256;

/** A value in the making: its name and its channels. */
interface Value {
  readonly name: string;
  readonly channels: number;
}

interface Builder {
  readonly layers: ResnetLayers;
  readonly nodes: OnnxNode[];
  readonly initialisers: OnnxTensor[];
}

/**
 * The network as far as its deepest tap. Taps are outputs of stages: `layer1` (stride 4) to `layer4` (stride 32), after
 * the last ReLU, as torchvision's and timm's feature extraction and Anomalib 0.7 take them. Batch normalisation is
 * folded into the convolutions, if it is not already. The maximum pool before layer1 and everything else is fixed.
 *
 * @param taps stages to give, in this order.
 * @throws BlemishError BACKBONE: no ResNet, a missing tensor, one of another shape or type, or one too many.
 */
export function resnetGraph(tensors: SafeTensors, taps: readonly string[], subject: string): ResnetGraph {
  const layers = resnetLayers(tensors, subject);
  const bad = taps.find((tap) => !/^layer[1-4]$/.test(tap));
  if (bad !== undefined || taps.length === 0 || new Set(taps).size < taps.length)
    throw layers.wrong(
      "taps out of layer1, layer2, layer3, layer4, each at most once",
      taps.join(", ") || "none",
    );
  const last = Math.max(...taps.map((tap) => Number(tap.slice(5))));
  const builder: Builder = { layers, nodes: [], initialisers: [] };
  const bottleneck = layers.has("layer1.0.conv3.weight");
  let value = stem(builder);
  const channels = new Map<string, number>();
  const blocks: number[] = [];
  for (let stage = 1; stage <= last; stage++) {
    blocks.push(countBlocks(layers, stage));
    value = addStage(builder, value, { stage, blocks: blocks[stage - 1], bottleneck });
    channels.set(value.name, value.channels);
  }
  layers.checkAllRead(last);
  const found = taps.map((name) => ({
    name,
    channels: channels.get(name) as number,
    stride: 2 ** (Number(name.slice(5)) + 1),
  }));
  const kind = `ResNet with ${bottleneck ? "bottleneck" : "basic"} blocks, ${blocks.join(" + ")} of them`;
  return { model: modelOf(builder, found), taps: found, kind };
}

function stem(builder: Builder): Value {
  const picture = { name: "input", channels: 3 };
  const convolved = addConv(builder, picture, builder.layers.convolution("conv1", "bn1", 7), 2);
  const name = "maxpool";
  const attributes = [ints("kernel_shape", [3, 3]), ints("pads", [1, 1, 1, 1]), ints("strides", [2, 2])];
  add(builder, "MaxPool", [relu(builder, convolved, "relu").name], name, attributes);
  return { name, channels: convolved.channels };
}

function countBlocks({ has, wrong }: ResnetLayers, stage: number): number {
  let blocks = 0;
  while (blocks < MAX_BLOCKS && has(`layer${stage}.${blocks}.conv1.weight`)) blocks++;
  if (blocks === 0) throw wrong(`tensor layer${stage}.0.conv1.weight`, `a ResNet of ${stage - 1} stages`);
  return blocks;
}

interface Stage {
  readonly stage: number;
  readonly blocks: number;
  readonly bottleneck: boolean;
}

/** All blocks of a stage; its value bears the stage's name. The first block of stages 2 to 4 halves the grid. */
function addStage(builder: Builder, start: Value, { stage, blocks, bottleneck }: Stage): Value {
  let value = start;
  for (let block = 0; block < blocks; block++) {
    const layer = `layer${stage}.${block}`;
    const stride = stage > 1 && block === 0 ? 2 : 1;
    const main = bottleneck
      ? addBottleneck(builder, value, layer, stride)
      : addBasic(builder, value, layer, stride);
    const shortcut = addShortcut(builder, value, { layer, stride, channels: main.channels });
    add(builder, "Add", [main.name, shortcut.name], `${layer}.add`);
    const sum = { name: `${layer}.add`, channels: main.channels };
    value = relu(builder, sum, block === blocks - 1 ? `layer${stage}` : layer);
  }
  return value;
}

function addBasic(builder: Builder, input: Value, layer: string, stride: number): Value {
  const { layers } = builder;
  const first = addConv(builder, input, layers.convolution(`${layer}.conv1`, `${layer}.bn1`, 3), stride);
  const between = relu(builder, first, `${layer}.relu1`);
  return addConv(builder, between, layers.convolution(`${layer}.conv2`, `${layer}.bn2`, 3), 1);
}

function addBottleneck(builder: Builder, input: Value, layer: string, stride: number): Value {
  const { layers } = builder;
  const narrow = addConv(builder, input, layers.convolution(`${layer}.conv1`, `${layer}.bn1`, 1), 1);
  const first = relu(builder, narrow, `${layer}.relu1`);
  const spatial = addConv(
    builder,
    first,
    layers.convolution(`${layer}.conv2`, `${layer}.bn2`, 3),
    stride,
    true,
  );
  const second = relu(builder, spatial, `${layer}.relu2`);
  return addConv(builder, second, layers.convolution(`${layer}.conv3`, `${layer}.bn3`, 1), 1);
}

function addShortcut(
  builder: Builder,
  input: Value,
  { layer, stride, channels }: { readonly layer: string; readonly stride: number; readonly channels: number },
): Value {
  const name = `${layer}.downsample.0`;
  const { layers } = builder;
  if (stride === 1 && input.channels === channels && !layers.has(`${name}.weight`)) return input;
  const shortcut = addConv(builder, input, layers.convolution(name, `${layer}.downsample.1`, 1), stride);
  if (shortcut.channels === channels) return shortcut;
  throw layers.wrong(`${channels} outputs of ${name}`, `${shortcut.channels}`);
}

/** Only the 3×3 convolution of a bottleneck may have groups (ResNeXt). */
function addConv(
  builder: Builder,
  input: Value,
  conv: Convolution,
  stride: number,
  mayHaveGroups = false,
): Value {
  const { layers, nodes, initialisers } = builder;
  const groups = input.channels / conv.inputs;
  const fits = mayHaveGroups ? Number.isInteger(groups) && conv.outputs % groups === 0 : groups === 1;
  if (!fits)
    throw layers.wrong(`${conv.name} for ${input.channels} channels`, `a convolution of ${conv.inputs}`);
  const pad = Math.floor(conv.kernel / 2);
  const attributes = [
    ints("kernel_shape", [conv.kernel, conv.kernel]),
    ints("pads", [pad, pad, pad, pad]),
    ints("strides", [stride, stride]),
    { name: "group", type: "int", value: BigInt(groups) } as const,
  ];
  const { name, outputs, inputs, kernel, weight, bias } = conv;
  initialisers.push(floats(`${name}.weight`, [outputs, inputs, kernel, kernel], weight));
  initialisers.push(floats(`${name}.bias`, [outputs], bias));
  nodes.push(node("Conv", [input.name, `${name}.weight`, `${name}.bias`], name, attributes));
  return { name, channels: outputs };
}

function relu(builder: Builder, { name, channels }: Value, output: string): Value {
  add(builder, "Relu", [name], output);
  return { name: output, channels };
}

function add(
  { nodes }: Builder,
  opType: string,
  inputs: string[],
  output: string,
  attributes: OnnxAttribute[] = [],
) {
  nodes.push(node(opType, inputs, output, attributes));
}

function node(opType: string, inputs: string[], output: string, attributes: OnnxAttribute[]): OnnxNode {
  return { name: output, opType, domain: "", inputs, outputs: [output], attributes };
}

function ints(name: string, values: readonly number[]): OnnxAttribute {
  return { name, type: "ints", value: values.map(BigInt) };
}

function floats(name: string, dims: readonly number[], values: Float32Array): OnnxTensor {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { name, dataType: ONNX_TYPE.float32, dims, payload: { kind: "raw", bytes } };
}

function modelOf({ nodes, initialisers }: Builder, taps: ResnetGraph["taps"]): OnnxModel {
  const value = (name: string, channels: number, rows: string, columns: string): OnnxValue => ({
    name,
    elementType: ONNX_TYPE.float32,
    dims: [1, channels, rows, columns],
  });
  return {
    irVersion: IR_VERSION,
    producerName: "blemish",
    producerVersion: "",
    opsets: [{ domain: "", version: OPSET }],
    metadataProps: [],
    graph: {
      name: "resnet",
      nodes,
      initialisers,
      inputs: [value("input", 3, "height", "width")],
      outputs: taps.map(({ name, channels }) => value(name, channels, `${name}_rows`, `${name}_columns`)),
      valueInfo: [],
    },
  };
}
