/** Cuts a network at the values one wants to see: what they do not need is left out, weights included. */
import { BlemishError } from "../errors.js";
import { ONNX_TYPE } from "../onnx/data-types.js";
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxValue } from "../onnx/onnx-model.js";
import { nearNames } from "./near-names.js";

/**
 * The part of a network that computes some of its values, with these values as its outputs, in the order given. Nodes,
 * weights and inputs keep their order and names; nothing is computed differently. An output has the type and shape that
 * the file states for the value; where it states none, float32 of any shape.
 *
 * @param outputs names of values that nodes compute, each once.
 * @throws BlemishError BACKBONE for a name that no node computes (with similar ones), for none and for a repeated one.
 */
export function cutGraph(model: OnnxModel, outputs: readonly string[], subject: string): OnnxModel {
  const { graph } = model;
  checkOutputs(graph, outputs, subject);
  const { nodes, needed } = neededNodes(graph, outputs);
  const known = new Map([...graph.valueInfo, ...graph.outputs].map((value) => [value.name, value]));
  const wanted = new Set(outputs);
  const kept = ({ name }: { readonly name: string }) => needed.has(name);
  return {
    ...model,
    graph: {
      name: graph.name,
      nodes,
      initialisers: graph.initialisers.filter(kept),
      inputs: graph.inputs.filter(kept),
      outputs: outputs.map((name) => known.get(name) ?? anyShape(name)),
      valueInfo: graph.valueInfo.filter((value) => kept(value) && !wanted.has(value.name)),
    },
  };
}

/** Nodes stand in the order of computation, so one walk from the end finds all that is needed. */
function neededNodes(
  graph: OnnxGraph,
  outputs: readonly string[],
): { nodes: OnnxNode[]; needed: Set<string> } {
  const needed = new Set(outputs);
  const nodes: OnnxNode[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((name) => name !== "" && needed.has(name))) continue;
    nodes.push(node);
    addReads(node, needed);
  }
  return { nodes: nodes.reverse(), needed };
}

/** What a node reads, also from inside the bodies of control-flow nodes, which see the values around them. */
function addReads(node: OnnxNode, needed: Set<string>): void {
  for (const name of node.inputs) if (name !== "") needed.add(name);
  for (const attribute of node.attributes) {
    const bodies =
      attribute.type === "graph" ? [attribute.value] : attribute.type === "graphs" ? attribute.value : [];
    for (const body of bodies) {
      for (const { name } of body.outputs) needed.add(name);
      for (const inner of body.nodes) addReads(inner, needed);
    }
  }
}

function anyShape(name: string): OnnxValue {
  return { name, elementType: ONNX_TYPE.float32, dims: null };
}

function checkOutputs(graph: OnnxGraph, outputs: readonly string[], subject: string): void {
  const fail = (expected: string, found: string): never => {
    throw new BlemishError("BACKBONE", { subject, expected, found });
  };
  if (outputs.length === 0) fail("at least one tap", "none");
  if (new Set(outputs).size < outputs.length) fail("each tap once", outputs.join(", "));
  const computed = new Set(graph.nodes.flatMap((node) => node.outputs).filter((name) => name !== ""));
  for (const name of outputs) {
    if (computed.has(name)) continue;
    const near = nearNames(name, computed);
    const others = near.length > 0 ? near : [...graph.outputs.map((output) => output.name)].slice(0, 6);
    fail(
      `a tap named ${name}`,
      `${near.length > 0 ? "similar names" : "outputs"}: ${others.join(", ") || "none"}`,
    );
  }
}
