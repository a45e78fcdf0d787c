/** A backbone's network as part of a larger graph; its weights are written once, however often it runs. */
import type { OnnxModel, OnnxNode } from "../../onnx/onnx-model.js";
import type { BackboneManifest } from "../../stages/backbone/manifest.js";
import type { GraphBuilder } from "./graph-builder.js";

/** Writes runs of one network. */
export interface NetworkNodes {
  /** Adds a run on a picture. @returns the names of its taps, in the manifest's order. */
  run(picture: string): string[];
}

/** Prepares the network; its initialisers are added at once. */
export function networkNodes(
  builder: GraphBuilder,
  network: OnnxModel,
  { input, taps }: BackboneManifest,
): NetworkNodes {
  const weights = new Map(network.graph.initialisers.map(({ name }) => [name, `backbone.${name}`]));
  for (const tensor of network.graph.initialisers)
    builder.initialisers.push({ ...tensor, name: weights.get(tensor.name) as string });
  let runs = 0;
  return {
    run(picture) {
      const prefix = `run${runs++}.`;
      const nameOf = (name: string) => {
        if (name === "") return "";
        return name === input.name ? picture : (weights.get(name) ?? prefix + name);
      };
      for (const node of network.graph.nodes) builder.nodes.push(renamed(node, nameOf, prefix));
      return taps.map(({ name }) => nameOf(name));
    },
  };
}

function renamed(node: OnnxNode, nameOf: (name: string) => string, prefix: string): OnnxNode {
  const { inputs, outputs } = node;
  // Names of nodes must differ, or be none: the nodes of int8 networks have none.
  const name = node.name === "" ? "" : prefix + node.name;
  return { ...node, name, inputs: inputs.map(nameOf), outputs: outputs.map(nameOf) };
}
