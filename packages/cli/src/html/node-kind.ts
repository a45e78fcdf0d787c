/**
 * Sorts a graph's nodes into the parts of a detector, from structure alone: which nodes feed the convolutions, which
 * come after them, where the map is blurred. It only colours the page; nothing is computed differently by it.
 */
import type { GraphIndex, OnnxNode, OnnxTensor } from "@blemish/core";
import type { NodeKind } from "./graph-view.js";

const CONVOLUTIONS = new Set(["Conv", "ConvTranspose", "ConvInteger", "QLinearConv", "FusedConv"]);

/** Operators that belong to the backbone when everything they read comes from it. */
const TRUNK = new Set([
  "Relu",
  "LeakyRelu",
  "Clip",
  "Add",
  "BatchNormalization",
  "MaxPool",
  "AveragePool",
  "Sigmoid",
]);

/** From this side on, a convolution from one channel to one channel is a blur. */
const SMALLEST_BLUR = 5;

/** The kind of every node, in the graph's order. */
export function nodeKinds({ graph, constants }: GraphIndex): NodeKind[] {
  const { nodes } = graph;
  const links = linkNodes(nodes);
  const convolutions = nodes.flatMap((node, id) => (CONVOLUTIONS.has(node.opType) ? [id] : []));
  const blurs = convolutions.filter((id) => isBlur(nodes[id]?.inputs[1], constants));
  const trunk = convolutions.filter((id) => !blurs.includes(id));
  const backbone = backboneOf(nodes, links, trunk);
  const before = closure([...backbone], links.makers);
  const afterBlur = closure(blurs, links.readers);
  const padding = closure(blurs, links.makers, (id) => !isCompute(nodes[id]) && !before.has(id));
  return nodes.map((_, id) => {
    if (backbone.has(id)) return "backbone";
    if (before.has(id)) return "preprocessing";
    if (blurs.includes(id)) return "blur";
    if (afterBlur.has(id)) return "postprocessing";
    return padding.has(id) ? "blur" : "head";
  });
}

/** For each node the nodes that make its inputs and those that read its outputs. */
interface Links {
  readonly makers: readonly (readonly number[])[];
  readonly readers: readonly (readonly number[])[];
}

function linkNodes(nodes: readonly OnnxNode[]): Links {
  const makerOf = new Map(nodes.flatMap((node, id) => node.outputs.map((name) => [name, id] as const)));
  const readers: number[][] = nodes.map(() => []);
  const makers = nodes.map((node, id) =>
    node.inputs.flatMap((name) => {
      const maker = name === "" ? undefined : makerOf.get(name);
      if (maker === undefined) return [];
      readers[maker]?.push(id);
      return [maker];
    }),
  );
  return { makers, readers };
}

/** Nodes reached from the starts along the links, the starts included; `enter` can bar a node. */
function closure(
  starts: readonly number[],
  links: readonly (readonly number[])[],
  enter: (id: number) => boolean = () => true,
): Set<number> {
  const reached = new Set(starts);
  for (const id of reached) {
    for (const next of links[id] ?? []) if (enter(next)) reached.add(next);
  }
  return reached;
}

/** The convolutions, what lies between them, and the activations and sums directly behind them. */
function backboneOf(nodes: readonly OnnxNode[], links: Links, trunk: readonly number[]): Set<number> {
  const first = trunk[0];
  if (first === undefined) return new Set();
  const after = closure(trunk, links.readers);
  const backbone = new Set([...closure(trunk, links.makers)].filter((id) => after.has(id)));
  nodes.forEach((node, id) => {
    const makers = links.makers[id] ?? [];
    const inside = makers.length > 0 && makers.every((maker) => backbone.has(maker));
    if (inside && TRUNK.has(node.opType)) backbone.add(id);
  });
  return backbone;
}

function isBlur(weight: string | undefined, constants: ReadonlyMap<string, OnnxTensor>): boolean {
  const [outputs, inputs, height = 0, width = 0] = constants.get(weight ?? "")?.dims ?? [];
  return outputs === 1 && inputs === 1 && height >= SMALLEST_BLUR && width >= SMALLEST_BLUR;
}

/** False for nodes that only pad and work out shapes, as exporters put them before a blur. */
function isCompute(node: OnnxNode | undefined): boolean {
  return !/^(Pad|Constant|ConstantOfShape|Concat|Reshape|Slice|Transpose|Cast|Shape|Gather|Unsqueeze|Squeeze)$/.test(
    node?.opType ?? "",
  );
}
