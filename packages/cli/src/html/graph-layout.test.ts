import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layoutGraph, nodeSize } from "./graph-layout.js";
import type { GraphView, NodeView } from "./graph-view.js";

const node = (id: number, caption = ""): NodeView => ({
  id,
  op: `Op${id}`,
  name: "",
  kind: "head",
  caption,
  attributes: [],
  inputs: [],
  outputs: [],
});

/** A graph with arrows from lower to higher ids only. */
const graphs = fc.integer({ min: 1, max: 40 }).chain((size) =>
  fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 60 }).map(
    (pairs): GraphView => ({
      nodes: Array.from({ length: size }, (_, id) => node(id, id % 2 === 0 ? "" : "3×3")),
      edges: pairs
        .filter(([a, b]) => a !== b)
        .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b), name: "t" })),
    }),
  ),
);

describe("layoutGraph", () => {
  it("draws every arrow downwards and keeps boxes inside the page and apart", () => {
    fc.assert(
      fc.property(graphs, (view) => {
        const laid = layoutGraph(view);
        for (const edge of view.edges) {
          const [from, to] = [laid.nodes[edge.from]!, laid.nodes[edge.to]!];
          expect(from.y + from.height / 2).toBeLessThan(to.y - to.height / 2 + 0.2);
        }
        laid.nodes.forEach((a, i) => {
          expect(a.x - a.width / 2).toBeGreaterThanOrEqual(0);
          expect(a.x + a.width / 2).toBeLessThanOrEqual(laid.width + 0.2);
          expect(a.y + a.height / 2).toBeLessThanOrEqual(laid.height + 0.2);
          for (const b of laid.nodes.slice(i + 1)) {
            const apart =
              Math.abs(a.x - b.x) >= (a.width + b.width) / 2 - 0.2 ||
              Math.abs(a.y - b.y) >= (a.height + b.height) / 2 - 0.2;
            expect(apart).toBe(true);
          }
        });
        expect(laid.edges.every((points) => points.length >= 4 && points.length % 2 === 0)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it("keeps two arrows between the same nodes", () => {
    const edges = [
      { from: 0, to: 1, name: "a" },
      { from: 0, to: 1, name: "b" },
    ];
    expect(layoutGraph({ nodes: [node(0), node(1)], edges }).edges).toHaveLength(2);
  });

  it("gives an empty layout for an empty graph", () => {
    expect(layoutGraph({ nodes: [], edges: [] })).toEqual({ width: 0, height: 0, nodes: [], edges: [] });
  });

  it("lays out 1,000 nodes in seconds", () => {
    const nodes = Array.from({ length: 1000 }, (_, id) => node(id));
    const edges = nodes.slice(1).flatMap(({ id }) => [
      { from: id - 1, to: id, name: "" },
      { from: Math.max(0, id - 1 - (id % 7)), to: id, name: "" },
    ]);
    const start = performance.now();
    expect(layoutGraph({ nodes, edges }).nodes).toHaveLength(1000);
    expect(performance.now() - start).toBeLessThan(30_000);
  });
});

describe("nodeSize", () => {
  it("grows with the text, within limits", () => {
    expect(nodeSize({ op: "Conv", caption: "" })).toEqual({ width: 72, height: 28 });
    expect(nodeSize({ op: "x".repeat(200), caption: "c" })).toEqual({ width: 260, height: 42 });
  });
});
