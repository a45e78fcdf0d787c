/**
 * Channels and stride of the values of a convolutional network, read from the graph without running it. What cannot be
 * told (transformers, reshaped values) stays unknown: whoever imports the network says it.
 */
import { type GraphIndex, indexGraph, intAttribute, intsAttribute } from "../onnx/graph-index.js";
import type { OnnxGraph, OnnxNode, OnnxValue } from "../onnx/onnx-model.js";
import { POOLS, VALUE_BY_VALUE } from "./operator-sets.js";

/** What is known about a value `[1, channels, H / stride, W / stride]`. */
export interface TapShape {
  readonly channels: number | null;
  /** Input pixels per cell; Infinity where one cell stands for the whole picture. */
  readonly stride: number | null;
}

const UNKNOWN: TapShape = { channels: null, stride: null };

/** Operations whose result has the shape of their (known) inputs. */
const KEEPS_SHAPE = new Set([...VALUE_BY_VALUE, "InstanceNormalization"]);

/** Channels and strides of all values that a graph with one picture input `[1, 3, H, W]` computes. */
export function tapShapes(graph: OnnxGraph): ReadonlyMap<string, TapShape> {
  const index = indexGraph(graph);
  const shapes = new Map<string, TapShape>(
    index.inputs.map(({ name }) => [name, { channels: 3, stride: 1 }]),
  );
  const stated = statedShapes(index);
  for (const node of graph.nodes) {
    const inferred = inferredShape(node, index, shapes);
    for (const name of node.outputs) {
      const known = stated.get(name);
      const channels = known?.channels ?? inferred.channels;
      shapes.set(name, { channels, stride: known?.stride ?? inferred.stride });
    }
  }
  return shapes;
}

function inferredShape(node: OnnxNode, index: GraphIndex, shapes: ReadonlyMap<string, TapShape>): TapShape {
  const known = node.inputs.flatMap((name) => shapes.get(name) ?? []);
  const [first] = known;
  if (first === undefined) return UNKNOWN;
  if (node.opType === "Conv") {
    const channels = index.constants.get(node.inputs[1] ?? "")?.dims[0] ?? null;
    return { channels, stride: strided(first.stride, node) };
  }
  if (POOLS.has(node.opType)) return { channels: first.channels, stride: strided(first.stride, node) };
  if (node.opType === "Pad") return first;
  if (node.opType === "GlobalAveragePool")
    return { channels: first.channels, stride: Number.POSITIVE_INFINITY };
  if (node.opType === "Concat" && intAttribute(node, "axis") === 1) return concatenated(known, node);
  return KEEPS_SHAPE.has(node.opType) ? common(known) : UNKNOWN;
}

/** Inputs that are combined value by value: of one cell for the whole picture (squeeze and excitation) it is the other. */
function common(shapes: readonly TapShape[]): TapShape {
  const unknown = shapes.some(({ channels, stride }) => channels === null || stride === null);
  if (unknown) return UNKNOWN;
  return {
    channels: Math.max(...shapes.map((shape) => shape.channels as number)),
    stride: Math.min(...shapes.map((shape) => shape.stride as number)),
  };
}

function concatenated(shapes: readonly TapShape[], node: OnnxNode): TapShape {
  const { stride } = shapes[0];
  if (shapes.length < node.inputs.length || shapes.some((shape) => shape.stride !== stride)) return UNKNOWN;
  const sum = shapes.reduce<number | null>(
    (total, { channels }) => (total === null || channels === null ? null : total + channels),
    0,
  );
  return { channels: sum, stride };
}

function strided(stride: number | null, node: OnnxNode): number | null {
  const [down, across] = intsAttribute(node, "strides") ?? [1, 1];
  return stride === null || down !== across ? null : stride * down;
}

/** What the file itself says: channels always, the stride where both sizes are fixed. */
function statedShapes({ graph, inputs }: GraphIndex): ReadonlyMap<string, TapShape> {
  const [height, width] = inputs[0]?.dims?.slice(2) ?? [];
  const shapeOf = ({ dims }: OnnxValue): TapShape => {
    if (dims?.length !== 4) return UNKNOWN;
    const [, channels, rows, columns] = dims;
    const [down, across] = [ratio(height, rows), ratio(width, columns)];
    return {
      channels: typeof channels === "number" ? channels : null,
      stride: down === across ? down : null,
    };
  };
  return new Map([...graph.valueInfo, ...graph.outputs].map((value) => [value.name, shapeOf(value)]));
}

function ratio(whole: unknown, part: unknown): number | null {
  return typeof whole === "number" && typeof part === "number" && whole % part === 0 ? whole / part : null;
}
