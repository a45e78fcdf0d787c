/** A model as the page's boxes and arrows: constants hidden in the nodes that read them, attributes as text. */
import {
  dataTypeName,
  indexGraph,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from "@blemish/core";
import type { EdgeView, GraphView, InputView, NodeView, TensorView } from "./graph-view.js";
import { nodeKinds } from "./node-kind.js";

/** Shows a tensor's values; handed in because weights may stand in a second file. */
export type TensorViewer = (tensor: OnnxTensor) => TensorView;

type DraftNode = Omit<NodeView, "id" | "inputs"> & { readonly reads: readonly string[] };

/** The graph of a model, with one box for each input and output of the whole network. */
export function viewModel(graph: OnnxGraph, viewTensor: TensorViewer): GraphView {
  const index = indexGraph(graph);
  const { constants } = index;
  const types = new Map(
    [...graph.inputs, ...graph.valueInfo, ...graph.outputs].map((value) => [value.name, typeText(value)]),
  );
  const kinds = nodeKinds(index);
  const drafts: DraftNode[] = [
    ...index.inputs.map(inputDraft),
    ...graph.nodes.flatMap((node, position) =>
      constants.has(node.outputs[0] ?? "")
        ? []
        : [operatorDraft(node, kinds[position] ?? "head", constants, types)],
    ),
    ...graph.outputs.map(outputDraft),
  ];
  const makers = new Map(drafts.flatMap(({ outputs }, id) => outputs.map(({ name }) => [name, id] as const)));
  const nodes = drafts.map(({ reads, ...draft }, id): NodeView => {
    const inputs = reads.map((name): InputView => {
      const tensor = constants.get(name);
      return {
        name,
        from: makers.get(name) ?? null,
        tensor: tensor === undefined ? null : viewTensor(tensor),
      };
    });
    return { id, ...draft, inputs };
  });
  return { nodes, edges: nodes.flatMap(edgesInto) };
}

function edgesInto({ id, inputs }: NodeView): EdgeView[] {
  return inputs.flatMap(({ name, from }) => (from === null ? [] : [{ from, to: id, name }]));
}

function inputDraft(value: OnnxValue): DraftNode {
  const type = typeText(value);
  return {
    op: value.name,
    name: "",
    kind: "input",
    caption: type,
    attributes: [],
    reads: [],
    outputs: [{ name: value.name, type }],
  };
}

function outputDraft(value: OnnxValue): DraftNode {
  return {
    op: value.name,
    name: "",
    kind: "output",
    caption: typeText(value),
    attributes: [],
    reads: [value.name],
    outputs: [],
  };
}

function operatorDraft(
  node: OnnxNode,
  kind: NodeView["kind"],
  constants: ReadonlyMap<string, OnnxTensor>,
  types: ReadonlyMap<string, string>,
): DraftNode {
  return {
    op: node.opType,
    name: node.name,
    kind,
    caption: caption(node, constants),
    attributes: node.attributes.map((attribute) => ({
      name: attribute.name,
      value: attributeText(attribute),
    })),
    reads: node.inputs,
    outputs: node.outputs
      .filter((name) => name !== "")
      .map((name) => ({ name, type: types.get(name) ?? "" })),
  };
}

/** The one thing worth reading without a click: a weight's shape, an axis, a mode. */
function caption(node: OnnxNode, constants: ReadonlyMap<string, OnnxTensor>): string {
  const weight = node.inputs
    .map((name) => constants.get(name))
    .find((tensor) => (tensor?.dims.length ?? 0) > 1);
  if (weight !== undefined) return weight.dims.join("×");
  const told = node.attributes.find(({ name }) =>
    ["axis", "mode", "to", "perm", "kernel_shape", "axes"].includes(name),
  );
  if (told === undefined) return "";
  return told.type === "string" ? told.value : `${told.name} ${attributeText(told)}`;
}

/** An attribute's value as one line of text, long lists cut. */
function attributeText(attribute: OnnxAttribute): string {
  switch (attribute.type) {
    case "float":
      return String(Number(attribute.value.toPrecision(8)));
    case "int":
      return attribute.name === "to" ? dataTypeName(Number(attribute.value)) : String(attribute.value);
    case "string":
      return attribute.value.slice(0, 400);
    case "floats":
    case "ints":
    case "strings":
      return listText(attribute.value.map(String));
    case "tensor":
      return `tensor ${dataTypeName(attribute.value.dataType)} [${attribute.value.dims.join(", ")}]`;
    case "tensors":
      return `${attribute.value.length} tensors`;
    case "graph":
      return `a graph of ${attribute.value.nodes.length} nodes`;
    case "graphs":
      return `${attribute.value.length} graphs`;
    case "other":
      return `(attribute type ${attribute.value})`;
  }
}

function listText(values: readonly string[]): string {
  const shown = values.slice(0, 40).join(", ");
  return values.length > 40 ? `${shown}, … (${values.length})` : shown;
}

function typeText({ elementType, dims }: OnnxValue): string {
  const shape = dims === null ? "" : ` [${dims.map((dim) => dim ?? "?").join(", ")}]`;
  return `${dataTypeName(elementType)}${shape}`;
}
