/**
 * How far a network's taps see: pixels of the input that one of their cells depends on, read from the graph without
 * running it. Tiles need margins of so much to be no different from the whole picture.
 */
import { type GraphIndex, indexGraph, intsAttribute } from "../onnx/graph-index.js";
import type { OnnxGraph, OnnxNode } from "../onnx/onnx-model.js";
import { POOLS, VALUE_BY_VALUE } from "./operator-sets.js";

/** What a cell of a value sees. */
interface Sight {
  /** Pixels of the input along one side; Infinity where it depends on all of them. */
  readonly field: number;
  /** Pixels from one cell to the next. */
  readonly step: number;
}

/** Operations whose values each depend on one place of their inputs. */
const POINTWISE = new Set([...VALUE_BY_VALUE, "Concat", "Pad", "Constant", "DynamicQuantizeLinear"]);

/** Convolutions, also in 8-bit integers; the weights are the input with this number. */
const CONVOLUTIONS: Readonly<Record<string, number>> = { Conv: 1, ConvInteger: 1, QLinearConv: 3 };

/**
 * The largest receptive field of some values of a graph with one picture input, in pixels along one side; Infinity where
 * it cannot be told or is the whole picture (global pooling, attention).
 */
export function receptiveField(graph: OnnxGraph, names: readonly string[]): number {
  const index = indexGraph(graph);
  const sights = new Map<string, Sight>(index.inputs.map(({ name }) => [name, { field: 1, step: 1 }]));
  for (const node of graph.nodes) {
    const sight = sightOf(node, index, sights);
    if (sight !== null) for (const name of node.outputs) sights.set(name, sight);
  }
  return Math.max(...names.map((name) => sights.get(name)?.field ?? Number.POSITIVE_INFINITY));
}

/** null for what does not depend on the picture. */
function sightOf(node: OnnxNode, index: GraphIndex, sights: ReadonlyMap<string, Sight>): Sight | null {
  const known = node.inputs.flatMap((name) => sights.get(name) ?? []);
  if (known.length === 0) return null;
  const field = Math.max(...known.map((sight) => sight.field));
  const step = Math.max(...known.map((sight) => sight.step));
  const weights = CONVOLUTIONS[node.opType];
  if (weights !== undefined) {
    const kernel = intsAttribute(node, "kernel_shape") ?? dimsOf(node.inputs[weights], index)?.slice(2);
    return windowed({ field, step }, kernel, node);
  }
  if (POOLS.has(node.opType)) return windowed({ field, step }, intsAttribute(node, "kernel_shape"), node);
  return { field: POINTWISE.has(node.opType) ? field : Number.POSITIVE_INFINITY, step };
}

function dimsOf(name: string | undefined, index: GraphIndex): readonly number[] | undefined {
  return index.constants.get(name ?? "")?.dims;
}

function windowed(
  { field, step }: Sight,
  kernel: readonly number[] | null | undefined,
  node: OnnxNode,
): Sight {
  if (kernel == null || kernel.length === 0) return { field: Number.POSITIVE_INFINITY, step };
  const dilations = intsAttribute(node, "dilations") ?? kernel.map(() => 1);
  const strides = intsAttribute(node, "strides") ?? kernel.map(() => 1);
  const reach = Math.max(...kernel.map((side, i) => (side - 1) * dilations[i]));
  return { field: field + reach * step, step: step * Math.max(...strides) };
}
