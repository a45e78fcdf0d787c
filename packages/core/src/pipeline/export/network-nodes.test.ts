import { expect, it } from "vitest";
import { wholePadim } from "../../../../../tests/support/whole-padim.js";
import type { BackboneManifest } from "../../stages/backbone/manifest.js";
import { graphBuilder } from "./graph-builder.js";
import { networkNodes } from "./network-nodes.js";

it("writes weights once and runs apart", () => {
  const model = wholePadim();
  const manifest = { input: { name: "input" }, taps: [{ name: "output" }] } as unknown as BackboneManifest;
  const builder = graphBuilder(11);
  const network = networkNodes(builder, model, manifest);
  const [one, two] = [network.run("a"), network.run("b")];
  expect(one).not.toEqual(two);
  expect(builder.initialisers).toHaveLength(model.graph.initialisers.length);
  expect(builder.nodes).toHaveLength(2 * model.graph.nodes.length);
  const made = new Set(["a", "b", ...builder.initialisers.map(({ name }) => name)]);
  for (const { inputs, outputs } of builder.nodes) {
    for (const name of inputs) if (name !== "") expect(made.has(name)).toBe(true);
    for (const name of outputs) {
      expect(made.has(name)).toBe(false);
      made.add(name);
    }
  }
  expect(made.has(one[0]!) && made.has(two[0]!)).toBe(true);
});

it("leaves nodes without a name without one: two of the same name make no graph", () => {
  const { graph, ...model } = wholePadim();
  const nameless = graph.nodes.map((node) => ({ ...node, name: "" }));
  const manifest = { input: { name: "input" }, taps: [{ name: "output" }] } as unknown as BackboneManifest;
  const builder = graphBuilder(11);
  networkNodes(builder, { ...model, graph: { ...graph, nodes: nameless } }, manifest).run("a");
  expect(new Set(builder.nodes.map(({ name }) => name))).toEqual(new Set([""]));
});
