/**
 * Writes a model as an ONNX file, fields in the order of their numbers as other writers do. Reading the result
 * gives an equal model. Weights are copied once, into the result.
 */
import {
  ATTRIBUTE,
  ATTRIBUTE_TYPE,
  DIM,
  ENTRY,
  GRAPH,
  MODEL,
  NODE,
  OPSET,
  SHAPE,
  TENSOR,
  TENSOR_LIST,
  TENSOR_TYPE,
  TYPE,
  VALUE,
} from "./onnx-fields.js";
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from "./onnx-model.js";
import {
  delimited,
  joinParts,
  putBytes,
  putFloat,
  putInt,
  putMessage,
  putText,
  type WireParts,
  wireParts,
} from "./wire-format.js";

/** The bytes of an ONNX file that holds `model`. External tensors keep naming their file; it is not written. */
export function writeOnnx(model: OnnxModel): Uint8Array {
  const parts = wireParts();
  putInt(parts, MODEL.irVersion, model.irVersion);
  putFilled(parts, MODEL.producerName, model.producerName);
  putFilled(parts, MODEL.producerVersion, model.producerVersion);
  putMessage(parts, MODEL.graph, graphParts(model.graph));
  for (const { domain, version } of model.opsets) {
    const opset = wireParts();
    putText(opset, OPSET.domain, domain);
    putInt(opset, OPSET.version, version);
    putMessage(parts, MODEL.opset, opset);
  }
  for (const { key, value } of model.metadataProps) putMessage(parts, MODEL.metadata, entryParts(key, value));
  return joinParts(parts);
}

/** Text that is left out when it is empty. */
function putFilled(parts: WireParts, tag: number, text: string): void {
  if (text !== "") putText(parts, tag, text);
}

function entryParts(key: string, value: string): WireParts {
  const parts = wireParts();
  putText(parts, ENTRY.key, key);
  putText(parts, ENTRY.value, value);
  return parts;
}

function graphParts(graph: OnnxGraph): WireParts {
  const parts = wireParts();
  for (const node of graph.nodes) putMessage(parts, GRAPH.node, nodeParts(node));
  putFilled(parts, GRAPH.name, graph.name);
  for (const tensor of graph.initialisers) putMessage(parts, GRAPH.initialiser, tensorParts(tensor));
  for (const value of graph.inputs) putMessage(parts, GRAPH.input, valueParts(value));
  for (const value of graph.outputs) putMessage(parts, GRAPH.output, valueParts(value));
  for (const value of graph.valueInfo) putMessage(parts, GRAPH.valueInfo, valueParts(value));
  return parts;
}

function nodeParts(node: OnnxNode): WireParts {
  const parts = wireParts();
  for (const input of node.inputs) putText(parts, NODE.input, input);
  for (const output of node.outputs) putText(parts, NODE.output, output);
  putFilled(parts, NODE.name, node.name);
  putText(parts, NODE.opType, node.opType);
  for (const attribute of node.attributes) putMessage(parts, NODE.attribute, attributeParts(attribute));
  putFilled(parts, NODE.domain, node.domain);
  return parts;
}

function attributeParts(attribute: OnnxAttribute): WireParts {
  const parts = wireParts();
  putText(parts, ATTRIBUTE.name, attribute.name);
  putAttributeValue(parts, attribute);
  putInt(
    parts,
    ATTRIBUTE.type,
    attribute.type === "other" ? attribute.value : ATTRIBUTE_TYPE[attribute.type],
  );
  return parts;
}

function putAttributeValue(parts: WireParts, attribute: OnnxAttribute): void {
  switch (attribute.type) {
    case "float":
      putFloat(parts, ATTRIBUTE.float, attribute.value);
      return;
    case "int":
      putInt(parts, ATTRIBUTE.int, attribute.value);
      return;
    case "string":
      putText(parts, ATTRIBUTE.string, attribute.value);
      return;
    case "tensor":
      putMessage(parts, ATTRIBUTE.tensor, tensorParts(attribute.value));
      return;
    case "graph":
      putMessage(parts, ATTRIBUTE.graph, graphParts(attribute.value));
      return;
    case "floats":
      for (const value of attribute.value) putFloat(parts, ATTRIBUTE.floats, value);
      return;
    case "ints":
      for (const value of attribute.value) putInt(parts, ATTRIBUTE.ints, value);
      return;
    case "strings":
      for (const value of attribute.value) putText(parts, ATTRIBUTE.strings, value);
      return;
    case "tensors":
      for (const value of attribute.value) putMessage(parts, ATTRIBUTE.tensors, tensorParts(value));
      return;
    case "graphs":
      for (const value of attribute.value) putMessage(parts, ATTRIBUTE.graphs, graphParts(value));
      return;
    case "other":
      return;
  }
}

function tensorParts(tensor: OnnxTensor): WireParts {
  const parts = wireParts();
  for (const side of tensor.dims) putInt(parts, TENSOR.dims, side);
  putInt(parts, TENSOR.dataType, tensor.dataType);
  const { payload } = tensor;
  if (payload.kind === "packed") putBytes(parts, delimited(TENSOR_LIST[payload.field]), payload.bytes);
  if (payload.kind === "strings") for (const value of payload.values) putText(parts, TENSOR.strings, value);
  putFilled(parts, TENSOR.name, tensor.name);
  if (payload.kind === "raw") putBytes(parts, TENSOR.raw, payload.bytes);
  if (payload.kind === "external") {
    const { location, offset, length } = payload;
    putMessage(parts, TENSOR.external, entryParts("location", location));
    putMessage(parts, TENSOR.external, entryParts("offset", String(offset)));
    if (length !== null) putMessage(parts, TENSOR.external, entryParts("length", String(length)));
    putInt(parts, TENSOR.dataLocation, 1);
  }
  return parts;
}

function valueParts(value: OnnxValue): WireParts {
  const parts = wireParts();
  putText(parts, VALUE.name, value.name);
  if (value.elementType === null) return parts;
  const tensor = wireParts();
  putInt(tensor, TENSOR_TYPE.elementType, value.elementType);
  if (value.dims !== null) {
    const shape = wireParts();
    for (const side of value.dims) {
      const dim = wireParts();
      if (typeof side === "number") putInt(dim, DIM.value, side);
      else if (side !== null) putText(dim, DIM.param, side);
      putMessage(shape, SHAPE.dim, dim);
    }
    putMessage(tensor, TENSOR_TYPE.shape, shape);
  }
  const type = wireParts();
  putMessage(type, TYPE.tensor, tensor);
  putMessage(parts, VALUE.type, type);
  return parts;
}
