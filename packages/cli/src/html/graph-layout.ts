/** Where boxes and arrows of a graph stand, top to bottom, laid out by dagre when the page is made. */
import { Graph, layout } from "@dagrejs/dagre";
import type { GraphView, NodeView } from "./graph-view.js";

/** A placed box: centre and size in page units (CSS pixels at zoom 1). */
export interface PlacedNode {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A laid-out graph; nodes and edges in the order of the {@link GraphView}. */
export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  /** Corner points of each arrow, first to last, flat: x0, y0, x1, y1, … */
  readonly edges: readonly (readonly number[])[];
}

/** Above this many nodes the fast ranking is used: longer arrows, but seconds instead of minutes. */
const MANY_NODES = 600;

/** Places every node and arrow. A graph without nodes gives an empty layout. */
export function layoutGraph(view: GraphView): GraphLayout {
  const graph = new Graph({ multigraph: true, directed: true });
  const ranker = view.nodes.length > MANY_NODES ? "longest-path" : "network-simplex";
  graph.setGraph({ rankdir: "TB", nodesep: 22, ranksep: 30, edgesep: 12, marginx: 24, marginy: 24, ranker });
  for (const node of view.nodes) graph.setNode(String(node.id), { ...nodeSize(node) });
  view.edges.forEach((edge, index) => {
    graph.setEdge(String(edge.from), String(edge.to), {}, String(index));
  });
  if (view.nodes.length > 0) layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width: finite(width),
    height: finite(height),
    nodes: view.nodes.map((node) => placed(graph.node(String(node.id)))),
    edges: view.edges.map((edge, index) =>
      points(graph.edge(String(edge.from), String(edge.to), String(index))),
    ),
  };
}

/** Size of a node's box from the length of its two lines of text. */
export function nodeSize(node: Pick<NodeView, "op" | "caption">): { width: number; height: number } {
  const width = Math.max(node.op.length * 7.6, node.caption.length * 6.3) + 26;
  return { width: Math.min(Math.max(width, 72), 260), height: node.caption === "" ? 28 : 42 };
}

function placed(label: Partial<PlacedNode>): PlacedNode {
  const { x = 0, y = 0, width = 0, height = 0 } = label;
  return { x: tenth(x), y: tenth(y), width: tenth(width), height };
}

function points(label: { points?: readonly { x: number; y: number }[] }): number[] {
  return (label.points ?? []).flatMap(({ x, y }) => [tenth(x), tenth(y)]);
}

function finite(value: number): number {
  return Number.isFinite(value) ? Math.ceil(value) : 0;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
