/** Reads GraphProto and what stands in it: nodes, attributes, types. Nested graphs only to a fixed depth. */
import {
  ATTRIBUTE,
  ATTRIBUTE_TYPE,
  DIM,
  GRAPH,
  NODE,
  SHAPE,
  TENSOR_TYPE,
  TYPE,
  VALUE,
} from "./onnx-fields.js";
import type { OnnxAttribute, OnnxDim, OnnxGraph, OnnxNode, OnnxTensor, OnnxValue } from "./onnx-model.js";
import { readTensor } from "./read-tensor.js";
import {
  broken,
  type Cursor,
  countPart,
  readFloat,
  readInt64,
  readInteger,
  readMessage,
  readTag,
  readText,
  skipField,
} from "./wire-format.js";

/** Bodies inside bodies; exporters write two or three. */
const MAX_DEPTH = 16;

/**
 * The graph of a GraphProto message.
 *
 * @throws BlemishError MODEL_BROKEN when the bytes do not hold together.
 */
export function readGraph(cursor: Cursor, depth = 0): OnnxGraph {
  if (depth > MAX_DEPTH) throw broken(cursor, `graphs nested deeper than ${MAX_DEPTH}`);
  let name = "";
  const nodes: OnnxNode[] = [];
  const initialisers: OnnxTensor[] = [];
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  const valueInfo: OnnxValue[] = [];
  for (let tag = readTag(cursor); tag !== 0; tag = readTag(cursor)) {
    switch (tag) {
      case GRAPH.name:
        name = readText(cursor);
        break;
      case GRAPH.node:
        nodes.push(readNode(readMessage(cursor), depth));
        break;
      case GRAPH.initialiser:
        initialisers.push(readTensor(readMessage(cursor)));
        break;
      case GRAPH.input:
        inputs.push(readValue(readMessage(cursor)));
        break;
      case GRAPH.output:
        outputs.push(readValue(readMessage(cursor)));
        break;
      case GRAPH.valueInfo:
        valueInfo.push(readValue(readMessage(cursor)));
        break;
      default:
        skipField(cursor, tag);
    }
  }
  return { name, nodes, initialisers, inputs, outputs, valueInfo };
}

function readNode(cursor: Cursor, depth: number): OnnxNode {
  const node = { name: "", opType: "", domain: "" };
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: OnnxAttribute[] = [];
  for (let tag = readTag(cursor); tag !== 0; tag = readTag(cursor)) {
    switch (tag) {
      case NODE.input:
        inputs.push(readText(cursor));
        break;
      case NODE.output:
        outputs.push(readText(cursor));
        break;
      case NODE.name:
        node.name = readText(cursor);
        break;
      case NODE.opType:
        node.opType = readText(cursor);
        break;
      case NODE.domain:
        node.domain = readText(cursor);
        break;
      case NODE.attribute:
        attributes.push(readAttribute(readMessage(cursor), depth));
        break;
      default:
        skipField(cursor, tag);
    }
  }
  return { ...node, inputs, outputs, attributes };
}

/** Every field an attribute may have; its type says which one counts. */
interface AttributeDraft {
  name: string;
  type: number;
  float: number;
  int: bigint;
  string: string;
  tensor: OnnxTensor | null;
  graph: OnnxGraph | null;
  floats: number[];
  ints: bigint[];
  strings: string[];
  tensors: OnnxTensor[];
  graphs: OnnxGraph[];
  /** Type by the fields seen, for files older than the type field. */
  seen: number;
}

function readAttribute(cursor: Cursor, depth: number): OnnxAttribute {
  const draft: AttributeDraft = {
    name: "",
    type: 0,
    float: 0,
    int: 0n,
    string: "",
    tensor: null,
    graph: null,
    floats: [],
    ints: [],
    strings: [],
    tensors: [],
    graphs: [],
    seen: 0,
  };
  for (let tag = readTag(cursor); tag !== 0; tag = readTag(cursor))
    readAttributeField(cursor, tag, draft, depth);
  return attributeOf(cursor, draft);
}

function readAttributeField(cursor: Cursor, tag: number, draft: AttributeDraft, depth: number): void {
  switch (tag) {
    case ATTRIBUTE.name:
      draft.name = readText(cursor);
      return;
    case ATTRIBUTE.type:
      draft.type = readInteger(cursor);
      return;
    case ATTRIBUTE.float:
      draft.float = readFloat(cursor);
      draft.seen = ATTRIBUTE_TYPE.float;
      return;
    case ATTRIBUTE.int:
      draft.int = readInt64(cursor);
      draft.seen = ATTRIBUTE_TYPE.int;
      return;
    case ATTRIBUTE.string:
      draft.string = readText(cursor);
      draft.seen = ATTRIBUTE_TYPE.string;
      return;
    case ATTRIBUTE.tensor:
      draft.tensor = readTensor(readMessage(cursor));
      draft.seen = ATTRIBUTE_TYPE.tensor;
      return;
    case ATTRIBUTE.graph:
      draft.graph = readGraph(readMessage(cursor), depth + 1);
      draft.seen = ATTRIBUTE_TYPE.graph;
      return;
    default:
      readAttributeList(cursor, tag, draft, depth);
  }
}

function readAttributeList(cursor: Cursor, tag: number, draft: AttributeDraft, depth: number): void {
  switch (tag) {
    case ATTRIBUTE.floats:
      countPart(cursor);
      draft.floats.push(readFloat(cursor));
      draft.seen = ATTRIBUTE_TYPE.floats;
      return;
    case ATTRIBUTE.floatsPacked: {
      const run = readMessage(cursor);
      while (run.position < run.end) {
        countPart(run);
        draft.floats.push(readFloat(run));
      }
      draft.seen = ATTRIBUTE_TYPE.floats;
      return;
    }
    case ATTRIBUTE.ints:
      countPart(cursor);
      draft.ints.push(readInt64(cursor));
      draft.seen = ATTRIBUTE_TYPE.ints;
      return;
    case ATTRIBUTE.intsPacked: {
      const run = readMessage(cursor);
      while (run.position < run.end) {
        countPart(run);
        draft.ints.push(readInt64(run));
      }
      draft.seen = ATTRIBUTE_TYPE.ints;
      return;
    }
    case ATTRIBUTE.strings:
      draft.strings.push(readText(cursor));
      draft.seen = ATTRIBUTE_TYPE.strings;
      return;
    case ATTRIBUTE.tensors:
      draft.tensors.push(readTensor(readMessage(cursor)));
      draft.seen = ATTRIBUTE_TYPE.tensors;
      return;
    case ATTRIBUTE.graphs:
      draft.graphs.push(readGraph(readMessage(cursor), depth + 1));
      draft.seen = ATTRIBUTE_TYPE.graphs;
      return;
    default:
      skipField(cursor, tag);
  }
}

function attributeOf(cursor: Cursor, draft: AttributeDraft): OnnxAttribute {
  const { name } = draft;
  const type = draft.type || draft.seen;
  switch (type) {
    case ATTRIBUTE_TYPE.float:
      return { name, type: "float", value: draft.float };
    case ATTRIBUTE_TYPE.int:
      return { name, type: "int", value: draft.int };
    case ATTRIBUTE_TYPE.string:
      return { name, type: "string", value: draft.string };
    case ATTRIBUTE_TYPE.tensor:
      if (draft.tensor === null) throw broken(cursor, `no tensor in the attribute ${name}`);
      return { name, type: "tensor", value: draft.tensor };
    case ATTRIBUTE_TYPE.graph:
      if (draft.graph === null) throw broken(cursor, `no graph in the attribute ${name}`);
      return { name, type: "graph", value: draft.graph };
    case ATTRIBUTE_TYPE.floats:
      return { name, type: "floats", value: draft.floats };
    case ATTRIBUTE_TYPE.ints:
      return { name, type: "ints", value: draft.ints };
    case ATTRIBUTE_TYPE.strings:
      return { name, type: "strings", value: draft.strings };
    case ATTRIBUTE_TYPE.tensors:
      return { name, type: "tensors", value: draft.tensors };
    case ATTRIBUTE_TYPE.graphs:
      return { name, type: "graphs", value: draft.graphs };
    default:
      return { name, type: "other", value: type };
  }
}

function readValue(cursor: Cursor): OnnxValue {
  let name = "";
  let tensor: Pick<OnnxValue, "elementType" | "dims"> = { elementType: null, dims: null };
  for (let tag = readTag(cursor); tag !== 0; tag = readTag(cursor)) {
    if (tag === VALUE.name) name = readText(cursor);
    else if (tag === VALUE.type) tensor = readType(readMessage(cursor));
    else skipField(cursor, tag);
  }
  return { name, ...tensor };
}

function readType(cursor: Cursor): Pick<OnnxValue, "elementType" | "dims"> {
  let elementType: number | null = null;
  let dims: OnnxDim[] | null = null;
  for (let tag = readTag(cursor); tag !== 0; tag = readTag(cursor)) {
    if (tag !== TYPE.tensor) {
      skipField(cursor, tag);
      continue;
    }
    const tensor = readMessage(cursor);
    elementType = 0;
    for (let field = readTag(tensor); field !== 0; field = readTag(tensor)) {
      if (field === TENSOR_TYPE.elementType) elementType = readInteger(tensor);
      else if (field === TENSOR_TYPE.shape) dims = readShape(readMessage(tensor));
      else skipField(tensor, field);
    }
  }
  return { elementType, dims };
}

function readShape(cursor: Cursor): OnnxDim[] {
  const dims: OnnxDim[] = [];
  for (let tag = readTag(cursor); tag !== 0; tag = readTag(cursor)) {
    if (tag === SHAPE.dim) dims.push(readDim(readMessage(cursor)));
    else skipField(cursor, tag);
  }
  return dims;
}

function readDim(cursor: Cursor): OnnxDim {
  let dim: OnnxDim = null;
  for (let tag = readTag(cursor); tag !== 0; tag = readTag(cursor)) {
    // Some exporters write −1 or an empty name for a side they do not know.
    if (tag === DIM.value) dim = nonNegative(readInteger(cursor));
    else if (tag === DIM.param) dim = readText(cursor) || null;
    else skipField(cursor, tag);
  }
  return dim;
}

function nonNegative(side: number): number | null {
  return side < 0 ? null : side;
}
